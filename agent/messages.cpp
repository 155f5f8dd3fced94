#include "messages.hpp"

namespace escudo::agent {
namespace {
std::FILE* chosen = nullptr;
}

std::FILE* messages() { return chosen ? chosen : stderr; }
void send_messages_to(std::FILE* file) { chosen = file; }

}  // namespace escudo::agent
