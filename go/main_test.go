package ossicle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The tests run in the folder of their materials: talk.wav, lipsync.onnx, and packed.onnx with its
// front end. tests/go/test.sh makes them and names the command in $OSSICLE.
func TestMain(m *testing.M) {
	for _, name := range []string{"OSSICLE", "OSSICLE_MATERIALS", "OSSICLE_ONNXRUNTIME"} {
		if _, err := os.Stat(os.Getenv(name)); err != nil {
			fmt.Fprintf(os.Stderr, "$%s: %v; run these tests with: ctest --preset release -R go.package\n", name, err)
			os.Exit(2)
		}
	}
	if err := os.Chdir(os.Getenv("OSSICLE_MATERIALS")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// talk is real speech at 16 kHz.
func talk(t testing.TB) []float32 {
	t.Helper()
	file, err := os.ReadFile("talk.wav")
	must(t, err)
	at := bytes.Index(file, []byte("data")) + 8
	samples := make([]float32, (len(file)-at)/2)
	for i := range samples {
		samples[i] = float32(int16(binary.LittleEndian.Uint16(file[at+2*i:]))) / 32768
	}
	return samples
}

// command runs `ossicle ARGUMENTS -o FILE` and gives the values of that float32 array.
func command(t testing.TB, arguments ...string) []float32 {
	t.Helper()
	output := filepath.Join(t.TempDir(), "out.npy")
	said, err := exec.Command(os.Getenv("OSSICLE"), append(arguments, "-o", output, "--quiet")...).CombinedOutput()
	if err != nil {
		t.Fatalf("ossicle %v: %v\n%s", arguments, err, said)
	}
	file, err := os.ReadFile(output)
	must(t, err)
	header := int(binary.LittleEndian.Uint16(file[8:]))
	if !bytes.Contains(file[:10+header], []byte("'<f4'")) {
		t.Fatalf("not float32: %s", file[10:10+header])
	}
	values := make([]float32, (len(file)-10-header)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(file[10+header+4*i:]))
	}
	return values
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expectSameBits(t testing.TB, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, not %d", what, len(got), len(want))
	}
	for i := range got {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: value %d is %v, not %v", what, i, got[i], want[i])
		}
	}
}

// expectError wants an Error of that kind whose message has something to say.
func expectError(t testing.TB, what string, err error, code Code, says string) {
	t.Helper()
	var own *Error
	if !errors.As(err, &own) || !errors.Is(err, code) {
		t.Errorf("%s: %v, not an Error that is %v", what, err, code)
	} else if !bytes.Contains([]byte(own.Message), []byte(says)) {
		t.Errorf("%s: the message %q does not say %q", what, own.Message, says)
	}
}

func frontend(t testing.TB, spec string, options FrontendOptions) *Frontend {
	t.Helper()
	made, err := NewFrontendWith(spec, options)
	must(t, err)
	t.Cleanup(func() { must(t, made.Close()) })
	return made
}
