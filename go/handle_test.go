package ossicle

import (
	"io"
	"testing"
)

func TestCloseOfWhatWasNeverMadeDoesNothing(t *testing.T) {
	for _, each := range []io.Closer{
		(*Frontend)(nil), (*Encoder)(nil), (*Engine)(nil), (*Stream)(nil), (*EmbeddingStream)(nil),
		&Frontend{}, &Encoder{}, &Engine{}, &Stream{}, &EmbeddingStream{},
	} {
		must(t, each.Close())
		must(t, each.Close())
	}
}

func TestCallsWithAZeroValueAreRefused(t *testing.T) {
	_, err := new(Frontend).Process(make([]float32, 100))
	expectError(t, "front end", err, ErrClosed, "never opened")
	_, err = new(Stream).Push(nil)
	expectError(t, "stream", err, ErrClosed, "never opened")
	_, err = new(Engine).Encode(nil, 0)
	expectError(t, "engine", err, ErrClosed, "never opened")
	_, err = new(EmbeddingStream).Push(nil)
	expectError(t, "embedding stream", err, ErrClosed, "never opened")
	_, err = new(Encoder).EmbeddingSize()
	expectError(t, "encoder", err, ErrClosed, "never opened")
}
