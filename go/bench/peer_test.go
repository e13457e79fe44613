package main

import "testing"

func TestEveryWayGivesTheSameValues(t *testing.T) {
	for _, samples := range []int{1, 199, 200, 3000, 80000} {
		ways, err := allWays(sound(samples))
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range ways {
			difference, err := way.differsBy(ways[0])
			if err != nil || !(difference <= Tolerance) {
				t.Errorf("%d samples, %s: %g, %v", samples, way.name, difference, err)
			}
		}
	}
}

func TestAnotherDefinitionIsNoticed(t *testing.T) {
	ways, err := allWays(sound(16000))
	if err != nil {
		t.Fatal(err)
	}
	peer := NewPeer(true)
	other := &way{call: func() ([][]float32, error) { return peer.Mel(sound(16000)), nil }}
	difference, err := other.differsBy(ways[0])
	if err != nil || difference <= Tolerance {
		t.Errorf("%g, %v", difference, err)
	}
}

func TestABarThatIsNotMetIsAnError(t *testing.T) {
	if err := run(sound(3200), 1, Tolerance, 1e9); err == nil {
		t.Error("no error")
	}
	if err := run(sound(3200), 1, 0, 0); err == nil {
		t.Error("no difference")
	}
}
