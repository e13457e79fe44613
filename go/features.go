package ossicle

import "fmt"

// Layout is the order in which a matrix of frames and bands lies in memory, as specs name it.
type Layout string

const (
	// FramesFirst: band b of frame t is Data[t*Bands+b].
	FramesFirst Layout = "frames-first"
	// BandsFirst: band b of frame t is Data[b*Frames+t].
	BandsFirst Layout = "bands-first"
)

// Features are frames in time order, Bands values each.
type Features struct {
	Data   []float32 // Frames * Bands values, without gaps
	Frames int
	Bands  int
	Layout Layout // "" is FramesFirst
}

// At is the value of one band of one frame. It panics, as a slice does, where there is none.
func (f Features) At(frame, band int) float32 {
	mustHave("frame", frame, f.Frames)
	mustHave("band", band, f.Bands)
	frameStride, bandStride := f.strides()
	return f.Data[frame*frameStride+band*bandStride]
}

// Row is the Bands values of one frame: a part of Data if that is FramesFirst, and a copy otherwise.
func (f Features) Row(frame int) []float32 {
	mustHave("frame", frame, f.Frames)
	if f.Layout != BandsFirst {
		return f.Data[frame*f.Bands : (frame+1)*f.Bands : (frame+1)*f.Bands]
	}
	row := make([]float32, f.Bands)
	for band := range row {
		row[band] = f.At(frame, band)
	}
	return row
}

// Rows is a slice of Bands values for each frame. They share Data if that is FramesFirst, and one new
// array otherwise.
func (f Features) Rows() [][]float32 {
	return rows(f.As(FramesFirst).Data, f.Frames, f.Bands)
}

// As is the same features in that layout, a copy if they lie in the other one.
func (f Features) As(layout Layout) Features {
	if (layout == BandsFirst) == (f.Layout == BandsFirst) {
		return f
	}
	long, short := f.Frames, f.Bands // sides of the matrix as it will lie
	if layout == BandsFirst {
		long, short = f.Bands, f.Frames
	}
	data := make([]float32, len(f.Data))
	for i := 0; i < short; i++ {
		for j, value := range f.Data[i*long : (i+1)*long] {
			data[j*short+i] = value
		}
	}
	return Features{Data: data, Frames: f.Frames, Bands: f.Bands, Layout: layout}
}

// Window copies the frames first .. first+length-1 into a matrix for Encoder.EncodeBatch: a row of
// `length` values for each band. It panics, as a slice does, where there are none.
func (f Features) Window(first, length int) [][]float32 {
	if first < 0 || length < 0 || length > f.Frames-first {
		panic(fmt.Sprintf("ossicle: %d frames from frame %d on out of range with %d frames", length, first, f.Frames))
	}
	window := rows(make([]float32, f.Bands*length), f.Bands, length)
	frameStride, bandStride := f.strides()
	for band, row := range window {
		for i := range row {
			row[i] = f.Data[(first+i)*frameStride+band*bandStride]
		}
	}
	return window
}

// check gives ErrArgument or ErrShape for what cannot be handed to the C library.
func (f Features) check() error {
	switch f.Layout {
	case "", FramesFirst, BandsFirst:
	default:
		return &Error{ErrArgument, fmt.Sprintf("features.Layout=%.200q, but it must be %q, %q or \"\"", f.Layout,
			FramesFirst, BandsFirst)}
	}
	if f.Bands < 1 || f.Bands > mostBands {
		return &Error{ErrShape, fmt.Sprintf("features.Bands=%d, but it must be 1..%d; Process gives such features",
			f.Bands, mostBands)}
	}
	if len(f.Data)%f.Bands != 0 || len(f.Data)/f.Bands != f.Frames {
		return &Error{ErrShape, fmt.Sprintf("features have %d values, but %d frames x %d bands", len(f.Data), f.Frames,
			f.Bands)}
	}
	return nil
}

const mostBands = 1 << 20

// mustHave panics unless there is a frame, a band or a window of that index.
func mustHave(what string, index, count int) {
	if index < 0 || index >= count {
		panic(fmt.Sprintf("ossicle: %s %d out of range with %d %ss", what, index, count, what))
	}
}

func (f Features) strides() (frame, band int) {
	if f.Layout == BandsFirst {
		return 1, f.Frames
	}
	return f.Bands, 1
}

// rows cuts a matrix without gaps into slices of `width` values.
func rows(data []float32, count, width int) [][]float32 {
	matrix := make([][]float32, count)
	for i := range matrix {
		matrix[i] = data[i*width : (i+1)*width : (i+1)*width]
	}
	return matrix
}
