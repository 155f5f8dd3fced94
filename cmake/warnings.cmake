# Warnings and sanitizers for our own targets only.
add_library(escudo_options INTERFACE)
target_compile_options(escudo_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Woverloaded-virtual -Wno-missing-field-initializers)
# GCC 12 takes moved-from variants for uninitialised ones.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(escudo_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(ESCUDO_SANITIZE)
  target_compile_options(escudo_options INTERFACE -fsanitize=address,undefined
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(escudo_options INTERFACE -fsanitize=address,undefined)
endif()
if(ESCUDO_FUZZ)
  target_compile_options(escudo_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
