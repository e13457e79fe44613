package main

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Lean is the peer made fast by hand: one pass, memory that is used again, and of the mel bank only
// what is not zero. One goroutine at a time.
type Lean struct {
	fft          *fourier.FFT
	window       []float64
	bank         []band
	frame        []float64
	coefficients []complex128
	magnitudes   []float64
}

// band is the weights of the bins from first on.
type band struct {
	first   int
	weights []float64
}

// NewLean makes the tables and the memory.
func NewLean() *Lean {
	return &Lean{
		fft:          fourier.NewFFT(windowSamples),
		window:       hann(windowSamples),
		bank:         sparse(slaneyBank()),
		frame:        make([]float64, windowSamples),
		coefficients: make([]complex128, bins),
		magnitudes:   make([]float64, bins),
	}
}

// Mel writes 1 + len(samples)/hopSamples frames of melBands values, one after the other.
func (l *Lean) Mel(out, samples []float32) {
	for t := 0; t <= len(samples)/hopSamples; t++ {
		l.cut(samples, t*hopSamples-windowSamples/2)
		for k, value := range l.fft.Coefficients(l.coefficients, l.frame) {
			l.magnitudes[k] = cmplx.Abs(value)
		}
		l.finish(out[t*melBands:])
	}
}

// cut fills the frame that begins at sample first; outside the signal there are zeros.
func (l *Lean) cut(samples []float32, first int) {
	for i, weight := range l.window {
		at := first + i
		if at < 0 || at >= len(samples) {
			l.frame[i] = 0
			continue
		}
		value := float64(samples[at])
		if at > 0 {
			value -= preemphasis * float64(samples[at-1])
		}
		l.frame[i] = weight * value
	}
}

func (l *Lean) finish(out []float32) {
	const scale, offset = 20 * 2 * limit / rangeDB, 2*limit*(rangeDB-referenceDB)/rangeDB - limit
	for b, band := range l.bank {
		sum := 0.0
		for k, weight := range band.weights {
			sum += weight * l.magnitudes[band.first+k]
		}
		value := scale*math.Log10(math.Max(floorAmplitude, sum)) + offset
		out[b] = float32(math.Min(math.Max(value, -limit), limit))
	}
}

func sparse(bank [][]float64) []band {
	bands := make([]band, len(bank))
	for b, weights := range bank {
		first, end := 0, len(weights)
		for weights[first] == 0 {
			first++
		}
		for weights[end-1] == 0 {
			end--
		}
		bands[b] = band{first, weights[first:end]}
	}
	return bands
}
