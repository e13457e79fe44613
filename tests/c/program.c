/* All of ossicle.h from C99: prints what it computes, for c_program_test to compare.
 *
 *   program MODEL.onnx NOISE.wav
 */
#include <ossicle/ossicle.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kSamples = 16000 };

static void check(ossicle_status status, const char* call) {
  if (status == OSSICLE_OK) return;
  fprintf(stderr, "%s: %s: %s\n", call, ossicle_status_name(status), ossicle_last_error());
  exit(1);
}

static void expect(ossicle_status status, ossicle_status expected, const char* call) {
  if (status == expected) return;
  fprintf(stderr, "%s: %s, but not %s\n", call, ossicle_status_name(status),
          ossicle_status_name(expected));
  exit(1);
}

/* FNV-1a of the bits. */
static void print(const char* name, const float* values, size_t count) {
  uint64_t hash = UINT64_C(14695981039346656037);
  size_t i;
  for (i = 0; i < count; ++i) {
    uint32_t bits;
    int byte;
    memcpy(&bits, &values[i], sizeof bits);
    for (byte = 0; byte < 4; ++byte) {
      hash = (hash ^ (bits >> (8 * byte) & 0xff)) * UINT64_C(1099511628211);
    }
  }
  printf("%s %lu %016llx\n", name, (unsigned long)count, (unsigned long long)hash);
}

static float* allocate(size_t count) {
  float* values = malloc((count > 0 ? count : 1) * sizeof *values);
  if (values == NULL) exit(1);
  return values;
}

static void make_noise(float* samples) {
  uint32_t state = 1;
  int i;
  for (i = 0; i < kSamples; ++i) {
    state = state * UINT32_C(1664525) + UINT32_C(1013904223);
    samples[i] = (float)(state >> 16) / 65536.0f - 0.5f;
  }
}

static void run_frontend(const ossicle_frontend* frontend, const float* samples) {
  size_t needed = 0;
  float* features;
  expect(ossicle_frontend_run(frontend, samples, kSamples, 0, NULL, 0, &needed),
         OSSICLE_SHORT_BUFFER, "ossicle_frontend_run");
  features = allocate(needed);
  check(ossicle_frontend_run(frontend, samples, kSamples, 0, features, needed, &needed),
        "ossicle_frontend_run");
  print("features", features, needed);
  free(features);
}

static void run_stream(const ossicle_frontend* frontend, const float* samples) {
  ossicle_stream_options options = {.struct_size = sizeof options};
  ossicle_stream* stream;
  size_t waiting;
  size_t written;
  float* frames;
  int i;
  options.input_rate_hz = 48000;
  check(ossicle_stream_create(frontend, &options, &stream), "ossicle_stream_create");
  for (i = 0; i < kSamples; i += 480) {
    const size_t count = kSamples - i < 480 ? kSamples - i : 480;
    check(ossicle_stream_push(stream, samples + i, count, NULL), "ossicle_stream_push");
  }
  check(ossicle_stream_finish(stream, &waiting), "ossicle_stream_finish");
  frames = allocate(waiting);
  check(ossicle_stream_pull(stream, frames, waiting, &written), "ossicle_stream_pull");
  print("stream", frames, written);
  free(frames);
  check(ossicle_stream_free(stream), "ossicle_stream_free");
  expect(ossicle_stream_finish(stream, NULL), OSSICLE_INVALID_HANDLE, "ossicle_stream_finish");
}

static void run_encoder(const char* model, const float* samples) {
  ossicle_encoder_options options = {.struct_size = sizeof options};
  ossicle_encoder* encoder;
  size_t needed;
  float* embeddings;
  options.workers = 1;
  check(ossicle_encoder_create(model, &options, &encoder), "ossicle_encoder_create");
  expect(ossicle_encoder_encode_windows(encoder, samples, 3, 16, 80, OSSICLE_FRAMES_FIRST, NULL, 0,
                                        &needed, NULL),
         OSSICLE_SHORT_BUFFER, "ossicle_encoder_encode_windows");
  embeddings = allocate(needed);
  check(ossicle_encoder_encode_windows(encoder, samples, 3, 16, 80, OSSICLE_FRAMES_FIRST,
                                       embeddings, needed, &needed, NULL),
        "ossicle_encoder_encode_windows");
  print("windows", embeddings, needed);
  free(embeddings);
  check(ossicle_encoder_free(encoder), "ossicle_encoder_free");
}

static void run_engine(const char* model, const char* sound) {
  ossicle_engine_options options = {.struct_size = sizeof options};
  ossicle_matrix_info info = {.struct_size = sizeof info};
  ossicle_engine* engine;
  ossicle_matrix* embeddings;
  options.frontend = "wav2lip";
  options.windows = "16:80/25";
  options.tail = "pad";
  check(ossicle_engine_create(model, &options, &engine), "ossicle_engine_create");
  check(ossicle_engine_encode_file(engine, sound, &embeddings), "ossicle_engine_encode_file");
  check(ossicle_matrix_get_info(embeddings, &info), "ossicle_matrix_get_info");
  print("embeddings", info.values, info.rows * info.columns);
  check(ossicle_matrix_free(embeddings), "ossicle_matrix_free");
  check(ossicle_engine_free(engine), "ossicle_engine_free");
}

int main(int argc, char** argv) {
  static float samples[kSamples];
  ossicle_frontend* frontend;
  if (argc != 3) return 2;
  make_noise(samples);
  check(ossicle_frontend_create("wav2lip", NULL, &frontend), "ossicle_frontend_create");
  run_frontend(frontend, samples);
  run_stream(frontend, samples);
  check(ossicle_frontend_free(frontend), "ossicle_frontend_free");
  run_encoder(argv[1], samples);
  run_engine(argv[1], argv[2]);
  return 0;
}
