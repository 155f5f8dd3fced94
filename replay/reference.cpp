// Tested by tests/replay/reference.cpp.
#include "replay/reference.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace escudo::replay {
namespace {

constexpr std::string_view raw_host = "https://raw.githubusercontent.com";
constexpr std::string_view media_host = "https://media.githubusercontent.com";
constexpr std::string_view repository = "/splunk/attack_data/master/";

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = base::ascii_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string percent_encoded(std::string_view path) {
  constexpr std::string_view plain = "-._~/!$&'()*+,;=:@";
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const char l = base::ascii_lower(c);
    if (base::is_digit(c) || (l >= 'a' && l <= 'z') || plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto u = static_cast<unsigned char>(c);
      out += '%';
      out += digits[u >> 4];
      out += digits[u & 15];
    }
  }
  return out;
}

// The part after `prefix` and one more folder, the branch.
std::string_view after_branch(std::string_view address, std::string_view prefix) {
  if (!base::istarts_with(address, prefix)) return {};
  const std::size_t slash = address.find('/', prefix.size());
  return slash == std::string_view::npos ? std::string_view() : address.substr(slash + 1);
}

// Some detections write datasets//malware/…
std::string single_slashes(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' || !out.ends_with('/')) out += c;
  }
  return out;
}

}  // namespace

std::string dataset_name(const std::string& written) {
  std::string_view address = base::trim(written);
  const std::size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) {
    while (address.starts_with('/')) address.remove_prefix(1);  // as dataset YAMLs write paths
    return single_slashes(address);
  }
  if (const std::size_t end = address.find_first_of("?#"); end < scheme)
    return single_slashes(address);
  else
    address = address.substr(0, end);
  for (const char* prefix : {"https://media.githubusercontent.com/media/splunk/attack_data/",
                             "https://raw.githubusercontent.com/splunk/attack_data/",
                             "https://github.com/splunk/attack_data/raw/",
                             "https://github.com/splunk/attack_data/blob/"}) {
    std::string_view name = after_branch(address, prefix);
    if (!name.empty()) return single_slashes(percent_decoded(name));
  }
  return single_slashes(percent_decoded(address.substr(scheme + 3)));
}

std::string name_trouble(const std::string& name) {
  if (name.empty()) return "it names no dataset";
  if (name.size() > 1024) return "its name is longer than 1024 bytes";
  if (!base::is_utf8(name)) return "its name is not UTF-8";
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') {
      return "its name has a control character or a backslash";
    }
  }
  for (const std::string_view part : base::split(name, '/')) {
    if (part.empty() || part == "." || part == "..") {
      return "its path leaves the folder of datasets or has an empty part";
    }
  }
  const std::string_view first = base::split(name, '/').front();
  if (first == "objects" || first == "partial") return "its name is one the store uses itself";
  return {};
}

std::optional<Addresses> addresses_of(const std::string& name, const std::string& mirror) {
  if (!name_trouble(name).empty()) return {};
  std::string base = mirror;
  while (base.ends_with('/')) base.pop_back();
  if (name.starts_with("datasets/")) {
    const std::string path = std::string(repository) + percent_encoded(name);
    return Addresses{(base.empty() ? std::string(raw_host) : base) + path,
                     (base.empty() ? std::string(media_host) : base) + "/media" + path};
  }
  const std::string_view host = base::split(name, '/').front();
  if (host.find('.') == std::string_view::npos || host.size() == name.size()) return {};
  return Addresses{"https://" + percent_encoded(name), ""};
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return base::is_digit(c) || (c >= 'a' && c <= 'f');
         });
}

bool looks_like_pointer(std::string_view text) {
  return text.starts_with("version https://git-lfs.github.com/spec/");
}

std::optional<Content> parse_pointer(std::string_view text) {
  if (text.size() > most_pointer_bytes || !looks_like_pointer(text)) return {};
  Content out;
  bool sized = false;
  for (std::string_view line : base::split(text, '\n')) {
    line = base::trim(line);
    if (line.starts_with("oid sha256:")) out.sha256 = line.substr(11);
    if (line.starts_with("size ")) {
      line.remove_prefix(5);
      const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), out.bytes);
      sized = error == std::errc() && end == line.data() + line.size();
    }
  }
  if (!sized || !is_sha256(out.sha256)) return {};
  return out;
}

std::string pointer_text(const Content& content) {
  return "version https://git-lfs.github.com/spec/v1\noid sha256:" + content.sha256 + "\nsize " +
         std::to_string(content.bytes) + "\n";
}

}  // namespace escudo::replay
