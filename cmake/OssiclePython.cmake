# Tests that run Python: one environment of pinned packages for all of them, made by a ctest fixture.
option(OSSICLE_PYTHON_TESTS "Run the tests that need Python packages" ON)

# Where scripts/fetch.py and scripts/python_env.sh put things: shared by all build folders.
set(OSSICLE_FETCHED_DIR ${PROJECT_SOURCE_DIR}/build)
set(OSSICLE_PYTHON ${OSSICLE_FETCHED_DIR}/venv/test/bin/python)

# ossicle_python_environment(requirements.txt ...): the fixture `python`.
function(ossicle_python_environment)
  add_test(NAME python.venv
    COMMAND ${PROJECT_SOURCE_DIR}/scripts/python_env.sh ${OSSICLE_FETCHED_DIR}/venv/test ${ARGN})
  set_tests_properties(python.venv PROPERTIES FIXTURES_SETUP python TIMEOUT 900)
endfunction()

# ossicle_pytest(name PATH): the pytest suite in PATH as one ctest entry.
function(ossicle_pytest name path)
  add_test(NAME ${name}
    COMMAND ${OSSICLE_PYTHON} -m pytest -q -p no:cacheprovider ${path})
  set_tests_properties(${name} PROPERTIES
    FIXTURES_REQUIRED python LABELS python TIMEOUT 900
    ENVIRONMENT "OSSICLE=$<TARGET_FILE:ossicle_cli>;OSSICLE_ONNXRUNTIME=${OSSICLE_FETCHED_DIR}/onnxruntime/libonnxruntime.so.1;OSSICLE_MODELS=${OSSICLE_FETCHED_DIR}/models;PYTHONDONTWRITEBYTECODE=1")
endfunction()
