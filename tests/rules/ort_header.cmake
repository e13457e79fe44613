# Skipped, and seen as such, where the official header cannot be had.
ossicle_rule(onnxruntime_abi_agrees_with_the_official_header
  ${CMAKE_CURRENT_SOURCE_DIR}/ort_header_check.sh ${PROJECT_SOURCE_DIR}
  ${PROJECT_SOURCE_DIR}/build/onnxruntime-header ${CMAKE_CXX_COMPILER})
set_tests_properties(rules.onnxruntime_abi_agrees_with_the_official_header PROPERTIES
                     SKIP_RETURN_CODE 77)
