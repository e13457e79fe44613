#include <ossicle/ossicle.h>
#include <stdio.h>

/* Prints the shape of the features of a file. */
int main(int argc, char** argv) {
  ossicle_frontend* frontend = NULL;
  ossicle_matrix* mel = NULL;
  ossicle_matrix_info info = {.struct_size = sizeof info};
  if (argc == 2 && ossicle_frontend_create("wav2lip", NULL, &frontend) == OSSICLE_OK &&
      ossicle_frontend_extract(frontend, argv[1], &mel) == OSSICLE_OK &&
      ossicle_matrix_get_info(mel, &info) == OSSICLE_OK) {
    printf("%d bands x %d frames\n", (int)info.rows, (int)info.columns);
  } else {
    fprintf(stderr, "%s\n", ossicle_last_error());
  }
  ossicle_matrix_free(mel);
  ossicle_frontend_free(frontend);
  return 0;
}
