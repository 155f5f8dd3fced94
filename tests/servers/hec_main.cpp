// hec_server [--port N] [--ack] FILE: an HTTP Event Collector for tests of whole programs.
// Prints its port, ends when standard input does, and then appends every event it took to FILE.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "hec_server.hpp"

int main(int argc, char** argv) {
  escudo::test::HecServer::Options options;
  const char* file = nullptr;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--ack") == 0) {
      options.ack = true;
    } else if (std::strcmp(argv[i], "--port") == 0 && i + 1 < argc) {
      options.port = std::atoi(argv[++i]);
    } else {
      file = argv[i];
    }
  }
  if (!file) return 64;
  std::ofstream out(file, std::ios::app);
  escudo::test::HecServer server(options);
  std::printf("%d\n", server.port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  for (const std::string& event : server.events()) out << event << '\n';
  return out.flush() ? 0 : 1;
}
