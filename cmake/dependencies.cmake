# Everything comes from the distribution. Where a library has no CMake config, pkg-config finds it.
# Each dependency is an INTERFACE or imported target named escudo_dep_<name>.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 OLD)   # FindBoost of CMake serves Boost 1.74 and 1.83 alike
endif()
find_package(Threads REQUIRED)
if(WIN32)
  include(dependencies_windows)
  return()
endif()
find_package(PkgConfig REQUIRED)
find_package(Boost REQUIRED COMPONENTS program_options filesystem)

function(escudo_dependency name)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(escudo_dep_${name} INTERFACE)
  target_link_libraries(escudo_dep_${name} INTERFACE PkgConfig::${name})
endfunction()

escudo_dependency(evtx libevtx libbfio)
escudo_dependency(pugixml pugixml)
escudo_dependency(simdjson simdjson)
escudo_dependency(archive libarchive)
escudo_dependency(sqlite sqlite3)
escudo_dependency(yaml yaml-0.1)
escudo_dependency(yaml_cpp yaml-cpp)   # the log writer of the tests, which shares nothing with core
escudo_dependency(pcre2 libpcre2-8)
escudo_dependency(crypto libcrypto)
escudo_dependency(curl libcurl)
escudo_dependency(kafka rdkafka)
escudo_dependency(zlib zlib)
add_library(escudo_dep_winlog INTERFACE)   # Windows' event log
find_package(nlohmann_json REQUIRED)
add_library(escudo_dep_nlohmann INTERFACE)
target_link_libraries(escudo_dep_nlohmann INTERFACE nlohmann_json::nlohmann_json)

# Many literals at once; a build without it uses the automaton in core/match/aho_corasick.cpp.
pkg_check_modules(vectorscan QUIET IMPORTED_TARGET libhs)
add_library(escudo_dep_vectorscan INTERFACE)
if(vectorscan_FOUND)
  target_link_libraries(escudo_dep_vectorscan INTERFACE PkgConfig::vectorscan)
endif()
