#include "maker.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "event/value.hpp"

namespace escudo::witness {

bool is_system_column(const std::string& name) {
  static const std::set<std::string> names{"Name",
                                           "Guid",
                                           "EventSourceName",
                                           "EventID",
                                           "Qualifiers",
                                           "Version",
                                           "Level",
                                           "Task",
                                           "Opcode",
                                           "Keywords",
                                           "SystemTime",
                                           "EventRecordID",
                                           "ActivityID",
                                           "RelatedActivityID",
                                           "ProcessID",
                                           "ThreadID",
                                           "Channel",
                                           "Computer",
                                           "UserID"};
  return names.contains(name);
}

std::string ordinary(const std::string& column) {
  static const std::map<std::string, std::string> known{
      {"Computer", "WITNESS01.example.test"},
      {"UserID", "S-1-5-21-1-2-3-1001"},
      {"Keywords", "0x8020000000000000"},
      {"Level", "4"},
      {"Opcode", "0"},
      {"Task", "1"},
      {"Version", "2"},
      {"ProcessID", "644"},
      {"ThreadID", "812"},
      {"User", "EXAMPLE\\witness"},
      {"ActivityID", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"},
      {"CommandLine", "witness.exe --run"},
      {"ParentCommandLine", "parent.exe --run"},
      {"TargetObject", "HKLM\\SOFTWARE\\Witness\\Value"},
      {"TargetFilename", "C:\\Users\\Public\\witness.txt"},
      {"Details", "DWORD (0x00000001)"},
      {"UtcTime", "2024-06-01 10:00:00.000"},
      {"CreationUtcTime", "2024-06-01 10:00:00.000"},
      {"CurrentDirectory", "C:\\Users\\Public\\"},
      {"Hashes",
       "MD5=0123456789ABCDEF0123456789ABCDEF,SHA256="
       "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"},
      {"Protocol", "tcp"},
      {"Initiated", "true"},
      {"IntegrityLevel", "High"},
      {"NewProcessName", "C:\\Windows\\Temp\\witness.exe"},
      {"ParentProcessName", "C:\\Windows\\Temp\\parent.exe"},
      {"ProcessName", "C:\\Windows\\Temp\\witness.exe"},
      {"NewProcessId", "0x1092"},
      {"node", "witness01"},
      {"type", "SYSCALL"},
      {"host", "witness01"},
      {"EventType", "SetValue"},
      {"QueryResults", "::ffff:10.1.2.3;"}};
  if (const auto at = known.find(column); at != known.end()) return at->second;
  if (column.ends_with("Guid") || column.ends_with("GUID"))
    return "{5e1fa6c2-0b51-65e6-9c31-0c0000000000}";
  if (column.ends_with("Ip") || column == "IpAddress") return "10.1.2.3";
  if (column.ends_with("Port")) return "4444";
  if (column.ends_with("Id")) return "4242";
  if (column.find("Image") != std::string::npos) return "C:\\Windows\\Temp\\witness.exe";
  return "witness";
}

std::vector<std::string> vocabulary(const std::string& column) {
  if (column == "Keywords")
    return {"0x8010000000000000", "0x8020000000000000"};  // audit failure, audit success
  return {};
}

Maker::Maker(const cim::Maps& maps) : maps_(maps) {
  for (std::string& name : maps.known_fields()) names_.insert(std::move(name));
  for (const char* name : {"Computer", "Keywords", "Level", "Opcode", "Task", "Version",
                           "ProcessID", "ThreadID", "UserID", "ActivityID", "EventID", "Channel",
                           "Name", "EventRecordID", "SystemTime", "Witness", "node", "host"})
    names_.insert(name);
}

const event::Schema& Maker::schema(const std::set<std::string>& names) {
  const std::size_t before = names_.size();
  names_.insert(names.begin(), names.end());
  if (!schema_ || names_.size() != before) {
    std::vector<event::Column> columns;
    for (const std::string& name : names_)
      columns.push_back(
          {event::intern(name), event::intern(name),
           is_system_column(name) ? event::Section::system : event::Section::event_data});
    schema_ = event::intern_schema(columns);
    positions_.clear();
    for (const std::string& name : names_) positions_.emplace(name, positions_.size());
    recipes_.clear();
    columns_.clear();
  }
  return *schema_;
}

const cim::Recipe& Maker::recipe(const cim::Kind& kind, cim::DatasetId dataset,
                                 const std::string& field) {
  auto& slot = recipes_[{cim::kind_index(kind), dataset.index, field}];
  if (!slot) slot = maps_.recipe(kind, *schema_, dataset, event::intern(field));
  return *slot;
}

const std::vector<std::string>& Maker::columns(const cim::Kind& kind, cim::DatasetId dataset,
                                               const std::string& field) {
  const auto [at, fresh] = columns_.try_emplace({cim::kind_index(kind), dataset.index, field});
  if (fresh) {
    std::vector<event::FieldId> read;
    recipe(kind, dataset, field).columns_read(read);
    for (const event::FieldId id : read) {
      const std::string name(event::name_of(id));
      if (name.empty() || name == "EventID" || name == "Channel" || name == "SystemTime" ||
          name == "EventRecordID" || name == "Name")
        continue;
      if (std::find(at->second.begin(), at->second.end(), name) == at->second.end())
        at->second.push_back(name);
    }
  }
  return at->second;
}

Texts Maker::values(const Made& made, cim::DatasetId dataset, const std::string& field) {
  static const event::Origin nowhere;
  // A term is looked for in the text of the record, where its values stand.
  if (field == "_raw" || field == "EventData_Xml" || field == "UserData_Xml") {
    std::string all;
    for (const auto& [name, value] : made.raw) all += " " + value;
    return {all + " "};
  }
  if (field == "_time") return {std::to_string(made.time)};
  std::vector<std::string_view> cells(names_.size());
  const std::string id = std::to_string(made.event_id);
  const auto put = [&](const std::string& name, std::string_view value) {
    if (const auto at = positions_.find(name); at != positions_.end()) cells[at->second] = value;
  };
  for (const auto& [name, value] : made.raw) put(name, value);
  if (made.event_id >= 0) put("EventID", id);
  put("Channel", made.kind->channel);
  event::Event event;
  event.schema = schema_;
  event.values = cells;
  event.time = base::from_epoch_seconds(made.time);
  event.has_time = true;
  event.event_id = made.event_id;
  event.channel = made.kind->channel;
  event.provider = made.kind->provider;
  base::Arena scratch;
  const cim::FieldValues found =
      recipe(*made.kind, dataset, field).evaluate(event, nowhere, scratch);
  return {found.begin(), found.end()};
}

std::size_t Maker::score(const Made& made, cim::DatasetId dataset, const std::vector<Atom>& atoms,
                         std::string* unsatisfied) {
  std::size_t out = 0;
  std::map<std::string, Texts> known;
  for (const Atom& atom : atoms) {
    const auto [at, fresh] = known.try_emplace(atom.field);
    if (fresh) at->second = values(made, dataset, atom.field);
    if (atom.holds(at->second))
      ++out;
    else if (unsatisfied && unsatisfied->empty())
      *unsatisfied = atom.field;
  }
  return out;
}

bool Maker::satisfies(const Made& made, cim::DatasetId dataset, const std::vector<Atom>& atoms) {
  return score(made, dataset, atoms) == atoms.size();
}

// The event id of the kind; of one that takes the ids no other kind has, the one that is asked for.
static std::int32_t id_of(const cim::Kind& kind, const std::vector<Atom>& atoms) {
  if (kind.event_id >= 0) return kind.event_id;
  for (const Atom& atom : atoms)
    if (atom.field == "EventCode" || atom.field == "EventID")
      for (const std::string& text : atom.wildcards)
        if (const auto n = event::parse_number(text)) return static_cast<std::int32_t>(*n);
  return kind.channel == "auditd" ? -1 : 9999;
}

std::vector<const cim::Kind*> Maker::kinds_for(cim::DatasetId dataset,
                                               const std::vector<Atom>& atoms) {
  std::vector<const cim::Kind*> out;
  for (std::uint32_t k = 0; k < maps_.kind_count(); ++k) {
    const cim::Kind& kind = maps_.kind(k);
    if (kind.channel.empty()) continue;
    if (!dataset.is_raw() && maps_.membership(kind, dataset) == cim::Membership::never) continue;
    // What a kind alone decides.
    Made empty{&kind, {}, 0, id_of(kind, atoms)};
    const bool possible = std::all_of(atoms.begin(), atoms.end(), [&](const Atom& atom) {
      if (!std::set<std::string>{"EventCode", "EventID", "source", "sourcetype", "Channel",
                                 "eventtype", "index"}
               .contains(atom.field))
        return true;
      // Of several ids the one that was chosen, so that each gets its turn.
      if ((atom.field == "EventCode" || atom.field == "EventID") && atom.wildcards.size() == 1)
        if (const auto n = event::parse_number(atom.wildcards[0]);
            n && static_cast<std::int32_t>(*n) != empty.event_id)
          return false;
      return atom.holds(values(empty, dataset, atom.field));
    });
    if (possible) out.push_back(&kind);
  }
  return out;
}

std::optional<Made> Maker::make(cim::DatasetId dataset, const std::vector<Atom>& atoms,
                                const std::set<std::string>& needed, Random& random,
                                std::string& unsatisfied, const Wish& wish) {
  std::set<std::string> names;
  for (const Atom& atom : atoms)
    if (dataset.is_raw() && atom.field != "_raw") names.insert(atom.field);
  for (const std::string& name : needed)
    if (dataset.is_raw() && name != "_raw" && name != "_time") names.insert(name);
  if (wish.goals && dataset.is_raw())
    for (const auto& [name, goals] : *wish.goals)
      if (name.find('*') == std::string::npos && !name.starts_with('_')) names.insert(name);
  (void)schema(names);
  unsatisfied = "no kind of event";
  // Kinds that can fill more of the needed fields first.
  std::vector<std::pair<std::size_t, const cim::Kind*>> kinds;
  // What is a matter of the kind alone: one goal of each field, this time.
  std::vector<std::pair<std::string, std::string>> of_kind;
  if (wish.goals)
    for (const auto& [field, goals] : *wish.goals)
      if (const Goal& goal = goals[random() % goals.size()]; goal.kind == Goal::Kind::text)
        of_kind.emplace_back(field, goal.text);
  for (const cim::Kind* kind : kinds_for(dataset, atoms)) {
    std::size_t given = 0;
    for (const std::string& field : needed) {
      const auto& read = columns(*kind, dataset, field);
      // A column of the very name is what any record may have.
      given += std::any_of(read.begin(), read.end(), [&](const std::string& column) {
        return dataset.is_raw() || column != field;
      });
    }
    const Made empty{kind,
                     {{"Computer", ordinary("Computer")}, {"Keywords", ordinary("Keywords")}},
                     0,
                     id_of(*kind, atoms)};
    for (const auto& [field, text] : of_kind) {
      const Texts texts = values(empty, dataset, field);
      if (std::find(texts.begin(), texts.end(), text) != texts.end()) given += 100;
    }
    kinds.emplace_back(given, kind);
  }
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::size_t number = 0;
  for (const auto& [given, kind] : kinds) {
    if (number++ < wish.skip && wish.skip < kinds.size()) continue;
    Made made{kind, {}, 0, id_of(*kind, atoms)};
    made.raw["Computer"] = ordinary("Computer");
    made.raw["Keywords"] = ordinary("Keywords");
    std::set<std::string> all = needed;
    if (wish.goals)
      for (const auto& [name, goals] : *wish.goals) all.insert(name);
    for (const Atom& atom : atoms) all.insert(atom.field);
    for (const std::string& field : all)
      for (const std::string& column : columns(*kind, dataset, field))
        if (!made.raw.contains(column)) {
          made.raw[column] = ordinary(column);
          if (wish.distinct && made.raw[column] == "witness")
            made.raw[column] = "witness-" + column;
        }
    // Texts proposed for each field, by all its atoms at once and by each.
    std::map<std::string, std::vector<std::string>> proposals;
    for (const std::string& field : all) {
      std::vector<std::string> wildcards;
      std::vector<std::string>& texts = proposals[field];
      for (const Atom& atom : atoms) {
        if (atom.field != field) continue;
        wildcards.insert(wildcards.end(), atom.wildcards.begin(), atom.wildcards.end());
        texts.insert(texts.end(), atom.texts.begin(), atom.texts.end());
      }
      if (!wildcards.empty())
        for (std::string& text : texts_for(wildcards)) texts.push_back(std::move(text));
      std::vector<std::string> parts = texts;
      for (int k = 0; k < 6; ++k) {
        std::string joined;
        for (const Atom& atom : atoms)
          if (atom.field == field)
            for (const std::string& p : atom.patterns) {
              texts.push_back(text_found_by(p, random));
              joined += (joined.empty() ? "" : " ") + texts.back();
            }
        if (joined.empty()) break;
        texts.push_back(joined);
        for (std::size_t n = 0; n < std::min<std::size_t>(parts.size(), 4); ++n) {
          texts.push_back(parts[n] + joined);
          texts.push_back(parts[n] + " " + joined);
          texts.push_back(joined + parts[n]);
        }
      }
      const bool asked =
          std::any_of(atoms.begin(), atoms.end(), [&](const Atom& a) { return a.field == field; });
      if (asked) {
        texts.push_back("");  // not there at all
        for (const char* text : {"witness", "w1tness", "C:\\Temp\\w1.exe", "1", "0", "0x1",
                                 "success", "DWORD (0x00000001)"})
          texts.emplace_back(text);
      }
    }
    std::size_t best = score(made, dataset, atoms);
    for (int pass = 0; pass < 3 && best < atoms.size(); ++pass)
      for (const Atom& atom : atoms) {
        if (atom.holds(values(made, dataset, atom.field))) continue;
        std::vector<std::string> targets = columns(*kind, dataset, atom.field);
        if (atom.field == "_raw" || atom.field.ends_with("Data_Xml")) targets = {"Witness"};
        for (const std::string& column : targets) {
          // What other fields made of this column want of it matters too: "C:\x\" and "a.exe".
          std::vector<std::string> texts = proposals[atom.field];
          for (const auto& [field, more] : proposals) {
            const auto& read = columns(*kind, dataset, field);
            if (field == atom.field || std::find(read.begin(), read.end(), column) == read.end())
              continue;
            for (std::size_t a = 0; a < std::min<std::size_t>(more.size(), 12); ++a)
              for (std::size_t b = 0; b < std::min<std::size_t>(proposals[atom.field].size(), 12);
                   ++b) {
                const std::string &x = more[a], &y = proposals[atom.field][b];
                for (const char* between : {"", "\\", " "}) {
                  texts.push_back(x + between + y);
                  texts.push_back(y + between + x);
                }
              }
          }
          const std::string old = made.raw[column];
          std::string chosen = old;
          for (const std::string& text : texts)
            for (const char* form :
                 {"%", "C:\\Windows\\Temp\\%", "EXAMPLE\\%", "DWORD (%)", "HKLM\\SOFTWARE\\%",
                  "%\\Value", "%;", "/usr/bin/%", "\"%\""}) {
              made.raw[column] = text.empty() ? "" : base::replace_all(form, "%", text);
              if (const std::size_t now = score(made, dataset, atoms); now > best) {
                best = now;
                chosen = made.raw[column];
              }
              if (best == atoms.size() || text.empty()) break;
            }
          made.raw[column] = chosen;
          if (best == atoms.size()) break;
        }
      }
    if (best == atoms.size()) {
      if (wish.stages) improve(made, dataset, atoms, needed, random, wish);
      return made;
    }
    unsatisfied.clear();
    (void)score(made, dataset, atoms, &unsatisfied);
  }
  return std::nullopt;
}

}  // namespace escudo::witness
