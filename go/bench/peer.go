package main

import (
	"math"
	"math/cmplx"
	"sync"

	"gonum.org/v1/gonum/dsp/fourier"
)

// What Wav2Lip's front end is; `ossicle frontends wav2lip` prints the same.
const (
	sampleRateHz   = 16000
	windowSamples  = 800
	hopSamples     = 200
	melBands       = 80
	lowHz          = 55.0
	highHz         = 7600.0
	preemphasis    = 0.97
	floorAmplitude = 1e-5 // -100 dB
	referenceDB    = 20.0
	rangeDB        = 100.0
	limit          = 4.0
	bins           = windowSamples/2 + 1
)

// Peer computes Wav2Lip's mel as one writes it in Go: gonum's FFT in float64, a slice of slices after
// each stage, a dense mel bank. One goroutine at a time.
type Peer struct {
	fft    *fourier.FFT
	window []float64
	bank   [][]float64
}

// NewPeer makes the tables. The window is periodic, as librosa's is, or symmetric, as many a chain's.
func NewPeer(symmetric bool) *Peer {
	period := windowSamples
	if symmetric {
		period--
	}
	return &Peer{fft: fourier.NewFFT(windowSamples), window: hann(period), bank: slaneyBank()}
}

// Mel gives 1 + len(samples)/hopSamples frames of melBands values in -4..4.
func (p *Peer) Mel(samples []float32) [][]float32 {
	return p.frames(centred(emphasized(samples)))
}

// MelOn does the same on several goroutines, each with a run of the frames and an FFT of its own.
func (p *Peer) MelOn(goroutines int, samples []float32) [][]float32 {
	signal := centred(emphasized(samples))
	total := frameCount(signal)
	parts := make([][][]float32, goroutines)
	var done sync.WaitGroup
	for part := range parts {
		first, end := total*part/goroutines, total*(part+1)/goroutines
		if first == end {
			continue
		}
		done.Add(1)
		go func(part int) {
			defer done.Done()
			own := &Peer{fft: fourier.NewFFT(windowSamples), window: p.window, bank: p.bank}
			parts[part] = own.frames(signal[first*hopSamples : (end-1)*hopSamples+windowSamples])
		}(part)
	}
	done.Wait()
	mel := make([][]float32, 0, total)
	for _, part := range parts {
		mel = append(mel, part...)
	}
	return mel
}

func (p *Peer) frames(signal []float64) [][]float32 {
	return normalized(decibels(p.mel(p.spectrogram(signal))))
}

func (p *Peer) spectrogram(signal []float64) [][]float64 {
	spectrogram := make([][]float64, frameCount(signal))
	for t := range spectrogram {
		frame := make([]float64, windowSamples)
		for i, weight := range p.window {
			frame[i] = weight * signal[t*hopSamples+i]
		}
		magnitudes := make([]float64, bins)
		for k, value := range p.fft.Coefficients(nil, frame) {
			magnitudes[k] = cmplx.Abs(value)
		}
		spectrogram[t] = magnitudes
	}
	return spectrogram
}

func (p *Peer) mel(spectrogram [][]float64) [][]float64 {
	mel := make([][]float64, len(spectrogram))
	for t, magnitudes := range spectrogram {
		mel[t] = make([]float64, melBands)
		for band, weights := range p.bank {
			sum := 0.0
			for k, weight := range weights {
				sum += weight * magnitudes[k]
			}
			mel[t][band] = sum
		}
	}
	return mel
}

func decibels(mel [][]float64) [][]float64 {
	levels := make([][]float64, len(mel))
	for t, frame := range mel {
		levels[t] = make([]float64, len(frame))
		for band, amplitude := range frame {
			levels[t][band] = 20*math.Log10(math.Max(floorAmplitude, amplitude)) - referenceDB
		}
	}
	return levels
}

func normalized(levels [][]float64) [][]float32 {
	features := make([][]float32, len(levels))
	for t, frame := range levels {
		features[t] = make([]float32, len(frame))
		for band, level := range frame {
			value := 2*limit*(level+rangeDB)/rangeDB - limit
			features[t][band] = float32(math.Min(math.Max(value, -limit), limit))
		}
	}
	return features
}

func emphasized(samples []float32) []float64 {
	signal := make([]float64, len(samples))
	previous := 0.0
	for i, sample := range samples {
		signal[i] = float64(sample) - preemphasis*previous
		previous = float64(sample)
	}
	return signal
}

// centred puts half a window of zeros before and after the signal.
func centred(signal []float64) []float64 {
	padded := make([]float64, len(signal)+windowSamples)
	copy(padded[windowSamples/2:], signal)
	return padded
}

func frameCount(padded []float64) int {
	return 1 + (len(padded)-windowSamples)/hopSamples
}

func hann(period int) []float64 {
	window := make([]float64, windowSamples)
	for i := range window {
		window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(period))
	}
	return window
}

// slaneyBank is a triangle a band, linear in Hz, of area 1, rounded to float32 as librosa does.
func slaneyBank() [][]float64 {
	low, high := hzToMel(lowHz), hzToMel(highHz)
	edges := make([]float64, melBands+2)
	for i := range edges {
		edges[i] = melToHz(low + (high-low)*float64(i)/(melBands+1))
	}
	bank := make([][]float64, melBands)
	for band := range bank {
		bank[band] = triangle(edges[band], edges[band+1], edges[band+2])
	}
	return bank
}

func triangle(left, centre, right float64) []float64 {
	weights := make([]float64, bins)
	for k := range weights {
		hz := float64(k) * sampleRateHz / windowSamples
		height := math.Min((hz-left)/(centre-left), (right-hz)/(right-centre))
		weights[k] = float64(float32(math.Max(0, height) * 2 / (right - left)))
	}
	return weights
}

// Slaney's scale: linear below 1000 Hz, 27 mel for each factor of 6.4 above.
func hzToMel(hz float64) float64 {
	if hz < 1000 {
		return 3 * hz / 200
	}
	return 15 + 27*math.Log(hz/1000)/math.Log(6.4)
}

func melToHz(mel float64) float64 {
	if mel < 15 {
		return 200 * mel / 3
	}
	return 1000 * math.Exp((mel-15)*math.Log(6.4)/27)
}
