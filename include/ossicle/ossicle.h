/*
 * Ossicle for C, and for every language that calls C: audio to features, features to embeddings.
 *
 * Calls    Every call that can fail returns an ossicle_status; OSSICLE_OK is 0. What was wrong, the
 *          legal range and the cure are in ossicle_last_error(). A call that fails leaves the
 *          caller's buffers alone, unless it says otherwise, and sets a handle that it should have
 *          made to NULL. Pointers must not be NULL, unless it says so.
 *
 * Samples  Mono, float32, full scale 1.0, finite. No samples may be given as NULL and 0.
 *
 * Sizes    A buffer comes with its capacity in elements, and the call says in *needed how many
 *          elements its result has. If they do not fit, it returns OSSICLE_SHORT_BUFFER: ask with
 *          NULL and 0, allocate, call again. *needed is set in both cases.
 *
 * Text     UTF-8, ends with a 0, which counts for a capacity and in *needed.
 *
 * Structs  The first field, struct_size, is sizeof of the caller's struct. Every other field that
 *          is 0 or NULL takes its default, which is what C gives to those that are not named in
 *          `ossicle_stream_options options = {.struct_size = sizeof options};`. A program that was
 *          compiled against an older and shorter struct goes on to work: what is missing takes its
 *          default. In a newer and longer one, fields that this library does not know must be 0.
 *          NULL in place of options: all defaults.
 *
 * Handles  Freeing NULL does nothing. A handle that was freed is OSSICLE_INVALID_HANDLE, until its
 *          address is that of a new handle of the same kind. No thread may be in a call with a
 *          handle that another one frees. A handle may be freed before those made from it.
 *
 * Threads  An ossicle_frontend, ossicle_encoder, ossicle_engine or ossicle_matrix may be shared by
 *          all threads. A stream serves one thread at a time; a second one gets OSSICLE_BUSY.
 */
#ifndef OSSICLE_OSSICLE_H_
#define OSSICLE_OSSICLE_H_

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define OSSICLE_API __attribute__((visibility("default")))
#else
#define OSSICLE_API
#endif

/** Changes when a program must be compiled anew: the number of libossicle.so.N. */
#define OSSICLE_ABI_VERSION 0

#ifdef __cplusplus
extern "C" {
#endif

/** Values are never given to another meaning; later versions may add some. */
typedef enum ossicle_status {
  OSSICLE_OK = 0,
  OSSICLE_INVALID_SPEC = 1, /**< a spec, a rule or an option out of range */
  OSSICLE_SHAPE = 2,        /**< too few samples or frames, or a call after the end */
  OSSICLE_NOT_FINITE = 3,   /**< a NaN or an infinity in the audio */
  OSSICLE_INPUT = 4,        /**< audio that cannot be opened, read or decoded */
  OSSICLE_OUTPUT = 5,       /**< a file that cannot be written */
  OSSICLE_MODEL = 6,        /**< an ONNX model or runtime that cannot be used */
  OSSICLE_INTERRUPTED = 7,  /**< reading was interrupted */
  OSSICLE_BUSY = 8,         /**< another thread is in a call with this stream */
  OSSICLE_TIMEOUT = 9,      /**< not done in time */

  OSSICLE_INVALID_ARGUMENT = 100, /**< NULL, a size, a buffer or a struct_size that cannot be */
  OSSICLE_INVALID_HANDLE = 101,   /**< freed, or never made by this library */
  OSSICLE_SHORT_BUFFER = 102,     /**< *needed says how many elements there must be */
  OSSICLE_OUT_OF_MEMORY = 103,
  OSSICLE_INTERNAL = 104 /**< a fault of Ossicle; please report it with the message */
} ossicle_status;

/** "short buffer", "invalid spec", ...; "unknown status" for any other number. Never NULL. */
OSSICLE_API const char* ossicle_status_name(int32_t status);

/** The message of the last call of this thread that failed, "" before the first. Valid until this
 *  thread's next call. Never NULL. At most 2000 bytes: of a longer one, which repeats a long text
 *  of the caller's, the middle is left out. Where tasks move from thread to thread, as goroutines
 *  do, the call and this one must be made on the same thread. */
OSSICLE_API const char* ossicle_last_error(void);

/** "0.1.0". */
OSSICLE_API const char* ossicle_version(void);

/** OSSICLE_ABI_VERSION of the library. */
OSSICLE_API int32_t ossicle_abi_version(void);

/* ---- Presets -------------------------------------------------------------------------------- */

/** The names of all presets, a newline after each. `needed` may be NULL. */
OSSICLE_API ossicle_status ossicle_preset_names(char* text, size_t capacity, size_t* needed);

/** The spec of a preset as JSON. `needed` may be NULL. OSSICLE_INVALID_SPEC if there is none
 *  of that name or alias; the message offers one that is near. */
OSSICLE_API ossicle_status ossicle_preset_json(const char* name, char* json, size_t capacity,
                                               size_t* needed);

/* ---- Results of a size that is not known beforehand ------------------------------------------ */

typedef struct ossicle_matrix ossicle_matrix;

typedef struct ossicle_matrix_info {
  size_t struct_size;
  size_t rows;
  size_t columns;
  const float* values;   /**< rows * columns, in C order; valid until the matrix is freed */
  const double* start_s; /**< embeddings: of each row's window, from the beginning of the audio; */
  const double* end_s;   /**< and its end, without frames that were repeated. Features: NULL */
  double duration_s;     /**< of the audio */
  size_t not_finite;     /**< embeddings: rows with a NaN or an infinity */
} ossicle_matrix_info;

OSSICLE_API ossicle_status ossicle_matrix_get_info(const ossicle_matrix* matrix,
                                                   ossicle_matrix_info* info);
OSSICLE_API ossicle_status ossicle_matrix_free(ossicle_matrix* matrix);

/* ---- Front end: samples to features ---------------------------------------------------------- */

typedef struct ossicle_frontend ossicle_frontend;

typedef enum ossicle_layout {
  OSSICLE_FRAMES_FIRST = 0, /**< frames x bands */
  OSSICLE_BANDS_FIRST = 1   /**< bands x frames */
} ossicle_layout;

typedef struct ossicle_frontend_options {
  size_t struct_size;
  /** Most threads of one run, the caller's included; 0: one a core; 1..256. The bits do not depend
   *  on it. Threads are started by the first run, and wait for the next one. */
  int32_t workers;
  int32_t reserved; /**< 0 */
} ossicle_frontend_options;

typedef struct ossicle_frontend_info {
  size_t struct_size;
  int32_t sample_rate_hz;
  int32_t hop_samples; /**< from a frame to the next, at sample_rate_hz */
  int32_t bands;       /**< values in a frame */
  int32_t layout;      /**< an ossicle_layout: of what ossicle_frontend_run() writes */
  int32_t min_samples; /**< fewer are OSSICLE_SHAPE, unless there are none; at sample_rate_hz */
  /** 1: a step looks at the whole signal, so that a stream needs options.statistics; else 0. */
  int32_t needs_statistics;
} ossicle_frontend_info;

/** Compiles a front end.
 *    spec     a preset's name or alias, or the JSON of a spec: an object, whose fields are those of
 *             ossicle_preset_json() and have a default
 *    options  or NULL
 *  OSSICLE_INVALID_SPEC names the field, its value and its range. */
OSSICLE_API ossicle_status ossicle_frontend_create(const char* spec,
                                                   const ossicle_frontend_options* options,
                                                   ossicle_frontend** frontend);
OSSICLE_API ossicle_status ossicle_frontend_free(ossicle_frontend* frontend);

OSSICLE_API ossicle_status ossicle_frontend_get_info(const ossicle_frontend* frontend,
                                                     ossicle_frontend_info* info);

/** Its whole spec. `needed` may be NULL. */
OSSICLE_API ossicle_status ossicle_frontend_json(const ossicle_frontend* frontend, char* json,
                                                 size_t capacity, size_t* needed);

/** Frames that a signal gives.
 *    samples        0..2^40
 *    input_rate_hz  their rate; 0: the front end's own
 *  OSSICLE_INVALID_SPEC for a rate that has no legal ratio to the front end's. */
OSSICLE_API ossicle_status ossicle_frontend_frames(const ossicle_frontend* frontend, size_t samples,
                                                   int32_t input_rate_hz, size_t* frames);

/** Computes the features of a whole signal.
 *    samples        `count` of them, 0..2^40
 *    input_rate_hz  their rate; 0: the front end's own. At another one they are resampled first, as
 *                   the spec says.
 *    features       frames * bands values in the front end's layout, none of them in the memory of
 *                   the samples, also at another rate: OSSICLE_INVALID_ARGUMENT
 *    needed         frames * bands; may be NULL
 *  OSSICLE_NOT_FINITE names the first such sample, OSSICLE_SHAPE says that there are fewer samples
 *  than min_samples. */
OSSICLE_API ossicle_status ossicle_frontend_run(const ossicle_frontend* frontend,
                                                const float* samples, size_t count,
                                                int32_t input_rate_hz, float* features,
                                                size_t capacity, size_t* needed);

/** The same, computed in double; audio of another rate is resampled in float. */
OSSICLE_API ossicle_status ossicle_frontend_run_double(const ossicle_frontend* frontend,
                                                       const float* samples, size_t count,
                                                       int32_t input_rate_hz, double* features,
                                                       size_t capacity, size_t* needed);

/** The features of a file, which is decoded, mixed down and resampled as the spec says. The matrix
 *  has the front end's layout; free it. OSSICLE_INPUT for what is no audio. */
OSSICLE_API ossicle_status ossicle_frontend_extract(const ossicle_frontend* frontend,
                                                    const char* path, ossicle_matrix** features);

/* ---- Stream: live samples to frames ---------------------------------------------------------- */

typedef struct ossicle_stream ossicle_stream;

typedef struct ossicle_stream_options {
  size_t struct_size;
  int32_t input_rate_hz; /**< of the samples that are pushed; 0: the front end's own */
  int32_t reserved;      /**< 0 */
  /** What is done where a step looks at the whole signal, and there is no default for it:
   *  "exact" (all frames come at the end), "running" (of the frames until now), "segment:SECONDS"
   *  (of each segment, when it is whole), or numbers as ossicle_stream_statistics() gives them.
   *  Other front ends need none: NULL. */
  const char* statistics;
} ossicle_stream_options;

typedef struct ossicle_stream_info {
  size_t struct_size;
  int32_t bands;    /**< values in a frame */
  int32_t reserved; /**< 0 */
  /** Samples of the input from a frame's own time on with which it comes out at the latest. Not
   *  counted: what the first frames wait for at the left edge, and what "exact" and "segment" hold
   *  back. May be negative. */
  int64_t lookahead_samples;
  int64_t samples; /**< pushed until now */
  int64_t frames;  /**< completed until now, those that wait to be pulled included */
} ossicle_stream_info;

/** A live signal through `frontend`. Its frames are the bits of ossicle_frontend_run() on the whole
 *  signal (but for "running" and "segment"), however it is cut. They come frame by frame, `bands`
 *  values each, whatever the layout of the front end. Computes on the caller's thread.
 *    options  or NULL */
OSSICLE_API ossicle_status ossicle_stream_create(const ossicle_frontend* frontend,
                                                 const ossicle_stream_options* options,
                                                 ossicle_stream** stream);
OSSICLE_API ossicle_status ossicle_stream_free(ossicle_stream* stream);

OSSICLE_API ossicle_status ossicle_stream_get_info(const ossicle_stream* stream,
                                                   ossicle_stream_info* info);

/** Takes `count` samples.
 *    waiting  values (frames * bands) that now wait to be pulled; may be NULL
 *  OSSICLE_NOT_FINITE before any is taken, OSSICLE_SHAPE after the end. */
OSSICLE_API ossicle_status ossicle_stream_push(ossicle_stream* stream, const float* samples,
                                               size_t count, size_t* waiting);

/** The signal has ended; the frames that are left are completed. Again, it does nothing.
 *    waiting  as above
 *  OSSICLE_SHAPE if the signal has fewer samples than the front end takes. */
OSSICLE_API ossicle_status ossicle_stream_finish(ossicle_stream* stream, size_t* waiting);

/** Gives the frames that wait, in their order, as many as fit.
 *    capacity  of `frames` in values; OSSICLE_SHORT_BUFFER if not even one frame fits and one waits
 *    written   values; 0 if none waits */
OSSICLE_API ossicle_status ossicle_stream_pull(ossicle_stream* stream, float* frames,
                                               size_t capacity, size_t* written);

/** Forgets the signal and the frames that wait; the next signal begins. */
OSSICLE_API ossicle_status ossicle_stream_reset(ossicle_stream* stream);

/** What the steps that look at the whole signal have seen, as JSON for options.statistics: of
 *  "running" until now, of "exact" after the end; of frozen numbers they themselves; else "[]".
 *  `needed` may be NULL. */
OSSICLE_API ossicle_status ossicle_stream_statistics(const ossicle_stream* stream, char* json,
                                                     size_t capacity, size_t* needed);

/* ---- Encoder: windows of features to embeddings ---------------------------------------------- */

/** Opens ONNX Runtime >= 1.20, once in a process: the first that was opened stays.
 *    path  of libonnxruntime.so.1; NULL or "": $OSSICLE_ONNXRUNTIME; if that is not set: beside
 *          the program or in ../lib/ossicle from there, the `onnxruntime` package of the active
 *          Python environment, the loader's own path
 *  OSSICLE_MODEL lists what was tried. Without this call, the first encoder calls it with NULL. */
OSSICLE_API ossicle_status ossicle_load_onnxruntime(const char* path);

typedef struct ossicle_encoder ossicle_encoder;

typedef enum ossicle_graph_optimization {
  OSSICLE_GRAPH_ALL = 0,
  OSSICLE_GRAPH_NONE = 1,
  OSSICLE_GRAPH_BASIC = 2,
  OSSICLE_GRAPH_EXTENDED = 3
} ossicle_graph_optimization;

typedef struct ossicle_encoder_options {
  size_t struct_size;
  int32_t workers;   /**< runs at the same time, one thread each; 0: one a core; 1..256 */
  int32_t max_batch; /**< windows of one run; 0: 16; 1..1024 */
  /** 1: every run has max_batch windows, repeated where there are fewer, for models whose values
   *  depend on the number of windows that they are computed with; 0 or 1. */
  int32_t batch_invariant;
  /** Copies of the model, for providers that serve one call at a time; 0: 1; 1..16. */
  int32_t sessions;
  const char* providers;      /**< in order of preference, as in "cuda,cpu"; NULL: "cpu" */
  const char* cache_folder;   /**< where the optimised model is kept; NULL: nowhere */
  int32_t graph_optimization; /**< an ossicle_graph_optimization */
  int32_t reserved;           /**< 0 */
} ossicle_encoder_options;

/** Loads an ONNX model that takes windows of features, one float32 input, and gives one embedding
 *  for each.
 *    options  or NULL
 *  OSSICLE_MODEL: no runtime, no such file, not ONNX, no such provider. */
OSSICLE_API ossicle_status ossicle_encoder_create(const char* model_path,
                                                  const ossicle_encoder_options* options,
                                                  ossicle_encoder** encoder);
OSSICLE_API ossicle_status ossicle_encoder_free(ossicle_encoder* encoder);

/** The shape of the input as the model declares it, -1 where a dimension is free.
 *    needed  number of dimensions; may be NULL */
OSSICLE_API ossicle_status ossicle_encoder_input_shape(const ossicle_encoder* encoder,
                                                       int64_t* shape, size_t capacity,
                                                       size_t* needed);

/** Values in an embedding; 0 until the first run if the model leaves it open. */
OSSICLE_API ossicle_status ossicle_encoder_embedding_size(const ossicle_encoder* encoder,
                                                          size_t* size);

/** One embedding for each window.
 *    windows     count * length * bands values, one window after the other
 *    length      frames in a window; 1..2^20
 *    bands       values in a frame; 1..2^20
 *    layout      an ossicle_layout, of each window: length x bands or bands x length. The model may
 *                want either; where both orders fit it, this one is taken.
 *    embeddings  count * embedding size values, a row a window
 *    needed      as many; may be NULL. If the model leaves the size of an embedding open, it is
 *                known after a run only, and OSSICLE_SHORT_BUFFER comes after one.
 *    not_finite  embeddings with a NaN or an infinity; may be NULL
 *  OSSICLE_MODEL prints both shapes if the windows do not fit the model. */
OSSICLE_API ossicle_status ossicle_encoder_encode_windows(
    const ossicle_encoder* encoder, const float* windows, size_t count, size_t length, size_t bands,
    int32_t layout, float* embeddings, size_t capacity, size_t* needed, size_t* not_finite);

/** Cuts features into windows, and gives one embedding for each.
 *    features  frames * bands values in `layout`, an ossicle_layout: as of ossicle_frontend_run()
 *    rule      "LENGTH:STEP" or "LENGTH:STEP:FIRST" in frames; STEP may be a fraction: "16:80/25"
 *    tail      what becomes of the last frames if they do not fill a window: "drop", "align" (one
 *              more window, of the last frames) or "pad" (the last frame is repeated); NULL: "drop"
 *    the rest  as above
 *  OSSICLE_SHAPE if there are too few frames for one window. */
OSSICLE_API ossicle_status ossicle_encoder_encode_features(const ossicle_encoder* encoder,
                                                           const float* features, size_t frames,
                                                           size_t bands, int32_t layout,
                                                           const char* rule, const char* tail,
                                                           float* embeddings, size_t capacity,
                                                           size_t* needed, size_t* not_finite);

/* ---- Engine: audio to embeddings ------------------------------------------------------------- */

typedef struct ossicle_engine ossicle_engine;

typedef struct ossicle_engine_options {
  size_t struct_size;
  const char* frontend;  /**< a preset's name or a spec's JSON; NULL: what is packed in the model */
  const char* windows;   /**< "LENGTH:STEP[:FIRST]" as above; NULL: what is packed in the model */
  const char* tail;      /**< "drop", "align", "pad"; NULL: what is packed, or else "drop" */
  const char* resampler; /**< in place of what the front end says; NULL: what it says */
  const char* downmix;   /**< "mean" or "ffmpeg", likewise */
  const ossicle_encoder_options* encoder; /**< or NULL; its workers serve the front end, too */
} ossicle_engine_options;

typedef struct ossicle_engine_info {
  size_t struct_size;
  size_t embedding_size; /**< 0 until the first run if the model leaves it open */
  int32_t window_frames; /**< frames in a window */
  int32_t is_packed;     /**< 1: what was not chosen came from the model; else 0 */
} ossicle_engine_info;

/** Opens a model that carries its front end, or any model with options.
 *    options  or NULL
 *  OSSICLE_INVALID_SPEC: neither has a front end or windows; OSSICLE_MODEL: it cannot be used, or
 *  does not take such windows. */
OSSICLE_API ossicle_status ossicle_engine_create(const char* model_path,
                                                 const ossicle_engine_options* options,
                                                 ossicle_engine** engine);
OSSICLE_API ossicle_status ossicle_engine_free(ossicle_engine* engine);

OSSICLE_API ossicle_status ossicle_engine_get_info(const ossicle_engine* engine,
                                                   ossicle_engine_info* info);

/** Its front end, as a handle of its own; free it. */
OSSICLE_API ossicle_status ossicle_engine_frontend(const ossicle_engine* engine,
                                                   ossicle_frontend** frontend);

/** The embeddings of a file: windows x embedding size, with times; free it. OSSICLE_INPUT for what
 *  is no audio, OSSICLE_SHAPE if it is too short for one window. */
OSSICLE_API ossicle_status ossicle_engine_encode_file(const ossicle_engine* engine,
                                                      const char* path,
                                                      ossicle_matrix** embeddings);

/** The same for samples in memory.
 *    input_rate_hz  their rate; 0: the front end's own */
OSSICLE_API ossicle_status ossicle_engine_encode(const ossicle_engine* engine, const float* samples,
                                                 size_t count, int32_t input_rate_hz,
                                                 ossicle_matrix** embeddings);

/* ---- Embedding stream: live samples to embeddings -------------------------------------------- */

typedef struct ossicle_embedding_stream ossicle_embedding_stream;

/** A live signal through `engine`: each embedding comes as soon as its last frame is known.
 *    options  or NULL; as of an ossicle_stream */
OSSICLE_API ossicle_status ossicle_embedding_stream_create(const ossicle_engine* engine,
                                                           const ossicle_stream_options* options,
                                                           ossicle_embedding_stream** stream);
OSSICLE_API ossicle_status ossicle_embedding_stream_free(ossicle_embedding_stream* stream);

/** As of ossicle_stream_info: samples of the input from a frame's own time on. */
OSSICLE_API ossicle_status
ossicle_embedding_stream_lookahead(const ossicle_embedding_stream* stream, int64_t* samples);

/** Takes `count` samples, and runs the model on the windows that they complete.
 *    waiting  embeddings that now wait to be pulled; may be NULL
 *  OSSICLE_NOT_FINITE before any is taken, OSSICLE_SHAPE after the end. OSSICLE_MODEL says that a
 *  run failed: all samples have been taken, and the next call tries the same windows again. */
OSSICLE_API ossicle_status ossicle_embedding_stream_push(ossicle_embedding_stream* stream,
                                                         const float* samples, size_t count,
                                                         size_t* waiting);

/** The signal has ended; what is left is encoded by the tail rule.
 *    waiting  as above
 *  OSSICLE_SHAPE if there were too few frames for one window. */
OSSICLE_API ossicle_status ossicle_embedding_stream_finish(ossicle_embedding_stream* stream,
                                                           size_t* waiting);

/** Gives the embeddings that wait, in their order, as many as fit.
 *    embeddings  rows of embedding size values
 *    capacity    of `embeddings` in values; OSSICLE_SHORT_BUFFER if not even one embedding fits and
 *                one waits
 *    start_s     of each window, from the signal's beginning; a number for each embedding that
 *    end_s       `embeddings` has room for; the end, without frames that were repeated. Both may be
 *                NULL.
 *    written     embeddings; 0 if none waits */
OSSICLE_API ossicle_status ossicle_embedding_stream_pull(ossicle_embedding_stream* stream,
                                                         float* embeddings, size_t capacity,
                                                         double* start_s, double* end_s,
                                                         size_t* written);

/** Forgets the signal and the embeddings that wait; the next signal begins. */
OSSICLE_API ossicle_status ossicle_embedding_stream_reset(ossicle_embedding_stream* stream);

#ifdef __cplusplus
}
#endif

#endif
