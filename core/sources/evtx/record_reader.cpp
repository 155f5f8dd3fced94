// Tested by tests/unit/sources/evtx_native.cpp and by the twin with libevtx.

#include "sources/evtx/record_reader.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "sources/binxml/little_endian.hpp"
#include "sources/binxml/utf16_find.hpp"

namespace escudo::sources {
namespace {

// Shapes a hostile file can invent. A part costs some 130 bytes with what is made of it, where names
// are as long as names are; real logs have shapes of 100 to 200 parts. Until the batch ends a little
// more may be kept.
constexpr std::size_t bytes_of_part = 128, text_of_part = 64;
constexpr std::size_t max_forms = 1024, form_slots = 4 * max_forms;
constexpr std::size_t max_parts_kept = 192 * 1024, max_parts_in_batch = 64 * 1024;
constexpr std::size_t max_parts_of_form = 4096;
constexpr std::size_t max_answers = 32;  // of one form
constexpr std::size_t bytes_of_member = 64;  // as a part
constexpr std::size_t kind_slots = 512, longest_kind = 1024;
constexpr std::size_t parts_per_field = 8;

std::size_t hash_of(const std::vector<std::uint64_t>& words) {
  std::uint64_t h = words.size(), odd = 0x9E3779B97F4A7C15ull;
  for (const std::uint64_t word : words) {
    h ^= (word ^ word >> 31) * odd;
    odd += 2 * 0x517CC1B727220A95ull;
  }
  h = (h ^ h >> 29) * 0xBF58476D1CE4E5B9ull;
  return static_cast<std::size_t>(h ^ h >> 32);
}

// A signature has a dozen words: a call would cost more.
bool equal(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  if (a.size() != b.size()) return false;
  std::uint64_t differ = 0;
  for (std::size_t i = 0; i < a.size(); ++i) differ |= a[i] ^ b[i];
  return differ == 0;
}

std::string text_of(const RawValue& value) {
  std::string out(value_room(value), '\0');
  char* const end = write_value(value, Escape::none, Spelling::libevtx, out.data());
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

// The values in what tells the kind of an event: calls `take` with each until it says false.
template <class Take>
bool each_member(const FieldProgram& fields, const Shape& shape, const ParsedRecord& record,
                 Take take) {
  for (const std::uint32_t cell : {fields.event_id, fields.channel, fields.provider}) {
    if (cell == FieldProgram::nowhere) continue;
    for (std::uint32_t i = fields.cells[cell].begin; i < fields.cells[cell].end; ++i) {
      if (shape[i].kind != Part::Kind::value) continue;
      if (!take(record.values()[shape[i].value])) return false;
    }
  }
  return true;
}

constexpr std::size_t member_header = 3;  // its type and size, before its bytes

void add_member(const RawValue& value, std::string& members) {
  const char header[] = {static_cast<char>(value.type), static_cast<char>(value.size & 0xFF),
                         static_cast<char>(value.size >> 8)};
  members.append(header, member_header);
  members += value.bytes();
}

// Whether add_member() of this value would give what stands at the front of `rest`; takes it.
bool take_member(const RawValue& value, std::string_view& rest) {
  if (rest.size() < member_header + value.size) return false;
  if (static_cast<std::uint8_t>(rest[0]) != value.type || u16(rest.data() + 1) != value.size)
    return false;
  if (rest.substr(member_header, value.size) != value.bytes()) return false;
  rest.remove_prefix(member_header + value.size);
  return true;
}

}  // namespace

RecordReader::RecordReader(const OpenOptions& options)
    : options_(options),
      max_parts_(parts_per_field * options.limits.fields_per_event),
      templates_(options.limits.xml_depth),
      record_(templates_, options.limits.xml_depth),
      fields_(options.limits),
      choosy_(options.demand && !options.demand->takes_every_kind()) {
  forget();
}

void RecordReader::start(event::Batch& batch) {
  templates_.between_batches();
  if (templates_.generation() != generation_ || form_count_ > max_forms ||
      parts_kept_ > max_parts_kept) {
    forget();
  }
  fields_.start(batch);
  pen_.start(batch.arena);
}

void RecordReader::forget() {
  generation_ = templates_.generation();
  forms_.clear();
  forms_.resize(form_slots);
  form_count_ = 0;
  parts_kept_ = 0;
  if (options_.demand) kinds_.assign(kind_slots, {});
}

void RecordReader::start_chunk(std::string_view chunk) {
  chunk_ = chunk;
  templates_.start_chunk(chunk);
}

std::optional<base::Time> RecordReader::latest_passed_over() const {
  if (latest_ == 0) return std::nullopt;
  return base::from_filetime(latest_);
}

bool RecordReader::out_of_time(std::uint64_t filetime) const {
  const base::Time time = base::from_filetime(filetime);
  return (options_.from && time < *options_.from) || (options_.to && time >= *options_.to);
}

std::optional<std::uint64_t> RecordReader::ticks_of_outer() const {
  const HeaderPart& time = record_.outer().system_time;
  if (time.where != HeaderPart::Where::slot) return std::nullopt;
  const RawValue value = record_.header_value(time.slot);
  if (value.type != type::filetime || value.size != 8) return std::nullopt;
  return u64(value.data);
}

// By the outer template and two or three values; nothing when these do not tell.
std::optional<Demand::Interest> RecordReader::interest() {
  const Template& outer = record_.outer();
  using Where = HeaderPart::Where;
  std::int32_t id = -1;
  if (outer.event_id.where == Where::slot) {
    const auto number = integer_of(record_.header_value(outer.event_id.slot));
    if (!number || *number > INT32_MAX) return std::nullopt;
    id = static_cast<std::int32_t>(*number);
  } else {
    return std::nullopt;
  }
  const auto value = [&](const HeaderPart& part) {
    return part.where == Where::slot ? record_.header_value(part.slot) : RawValue{};
  };
  const RawValue channel = value(outer.channel), provider = value(outer.provider);
  if (channel.size + provider.size > longest_kind) return std::nullopt;
  const std::uint64_t hash =
      (reinterpret_cast<std::uintptr_t>(&outer) ^ static_cast<std::uint64_t>(id) << 7) *
      0x9E3779B97F4A7C15ull;
  Kind& kind = kinds_[hash >> 55];
  static_assert(kind_slots == 1u << (64 - 55));
  if (kind.of == &outer && kind.event_id == id && kind.channel_type == channel.type &&
      kind.channel == channel.bytes() && kind.provider_type == provider.type &&
      kind.provider == provider.bytes()) {
    return kind.interest;
  }
  const auto text = [&](const HeaderPart& part, const RawValue& v) {
    return part.where == Where::literal ? std::string(part.literal) : text_of(v);
  };
  const std::string channel_text = text(outer.channel, channel);
  const std::string provider_text = text(outer.provider, provider);
  if (provider_text.empty()) return std::nullopt;  // the channel may tell it
  event::Event header;
  header.event_id = id;
  header.channel = channel_text;
  header.provider = provider_text;
  kind = {&outer,
          id,
          channel.type,
          provider.type,
          std::string(channel.bytes()),
          std::string(provider.bytes()),
          options_.demand->interest(header)};
  return kind.interest;
}

base::Result<RecordReader::Outcome> RecordReader::read(const EvtxRecordPlace& where,
                                                       const RecordPlace& place,
                                                       event::Batch& batch) {
  const auto too_large = [&] {
    return base::Error{"is larger than " + std::to_string(options_.limits.event_bytes) +
                       " bytes, the limit for one event (event_bytes)"};
  };
  if (where.size > options_.limits.event_bytes) return too_large();
  cut_ = false;
  const bool ranged = options_.from || options_.to;
  std::optional<std::uint64_t> ticks;
  const auto passed_over = [&](Demand::Interest interest) {
    if (interest == Demand::Interest::time && ticks) latest_ = std::max(latest_, *ticks);
    return Outcome::passed_over;
  };
  if ((ranged || choosy_) && record_.peek(chunk_, where.begin, where.end)) {
    ticks = ticks_of_outer();
    if (ticks) {
      if (ranged && out_of_time(*ticks)) return Outcome::passed_over;
      const auto wanted = choosy_ ? interest() : std::nullopt;
      if (wanted && *wanted != Demand::Interest::event) return passed_over(*wanted);
    }
  }
  if (auto parsed = record_.parse(chunk_, where.begin, where.end); !parsed) {
    return base::Error{parsed.error()};
  }
  cut_ = record_.is_cut();
  base::Result<void> made;
  Form* form = form_of(made);
  if (!made) return base::Error{made.error()};
  const FieldProgram* fields = &form->fields;
  if (options_.demand && form->fields.schema) {
    base::Result<void> asked;
    const Answer* told = answer(*form, place, batch, asked);
    if (!told) return base::Error{asked.error()};
    if (told->interest != Demand::Interest::event && ticks) return passed_over(told->interest);
    if (ticks && !finds(*told)) return passed_over(Demand::Interest::time);
    fields = &told->fields;
  }
  if (auto run = fields_.run(*fields, form->shape, record_, place, batch); !run) {
    return base::Error{run.error()};
  }
  event::Event& event = batch.events.back();
  const bool wants_raw = options_.raw != RawText::none && fields->raw;
  if (wants_raw) {
    if (!form->has_text) {
      form->text =
          options_.raw == RawText::json ? json_program(form->shape) : xml_program(form->shape);
      form->has_text = true;
      const std::size_t text = form->text.literal_bytes(), usual = text_of_part * form->shape.size();
      if (text > usual && form != &scratch_) parts_kept_ += (text - usual) / bytes_of_part;
    }
    const std::size_t room = form->text.room(record_);
    if (room > options_.limits.event_bytes) {  // one value in many places
      batch.events.pop_back();
      return too_large();
    }
    event.raw = form->text.run(record_, room, pen_);
  }
  return Outcome::added;
}

// In the values as they lie in the chunk: most records of a kind that a rule wants end here.
bool RecordReader::finds(const Answer& answer) const {
  if (answer.sought.empty()) return true;
  for (const auto& [at, literal] : answer.sought) {
    const RawValue& value = record_.values()[at];
    if (value.is_empty()) continue;
    if (value.type != type::string || utf16_contains(value.bytes(), literal)) return true;
  }
  return false;
}

// Records of one shape may be of several kinds, as when templates are shared between event ids.
const RecordReader::Answer* RecordReader::answer(Form& form, const RecordPlace& place,
                                                 event::Batch& batch, base::Result<void>& asked) {
  const auto fits = [&](const Answer& known) {
    std::string_view rest = known.members;
    return each_member(form.fields, form.shape, record_,
                       [&](const RawValue& value) { return take_member(value, rest); }) &&
           rest.empty();
  };
  if (!form.answers.empty() && (!choosy_ || fits(form.answers[form.last_answer])))
    return &form.answers[form.last_answer];
  for (std::size_t i = 0; i < form.answers.size(); ++i) {
    if (!fits(form.answers[i])) continue;
    form.last_answer = i;
    return &form.answers[i];
  }
  Answer made;
  each_member(form.fields, form.shape, record_, [&](const RawValue& value) {
    add_member(value, made.members);
    return true;
  });
  made.fields = form.fields;
  // A look at the members decides which columns are read at all.
  for (FieldProgram::Cell& cell : made.fields.cells) cell.wanted = false;
  asked = fields_.run(made.fields, form.shape, record_, place, batch);
  if (!asked) return nullptr;
  event::Event event = batch.events.back();
  batch.events.pop_back();
  event.values = {};
  Demand::Columns columns = options_.demand->columns(event);
  // What is carved is compared with what was read, by all its values.
  if (options_.recover) columns.read.assign(made.fields.cells.size(), true);
  FieldWriter::apply(made.fields, columns);
  made.interest = columns.interest;
  const bool in_values = std::ranges::all_of(columns.one_of, [&](const Demand::Sought& sought) {
    return made.fields.cells[sought.slot].single;
  });
  if (in_values && !options_.recover) {
    for (Demand::Sought& sought : columns.one_of) {
      made.sought.emplace_back(made.fields.cells[sought.slot].value, std::move(sought.literal));
    }
  }
  if (form.answers.size() < max_answers) {
    form.last_answer = form.answers.size();
    form.answers.emplace_back();
    parts_kept_ += made.fields.cells.size();
  } else {
    form.last_answer = (form.last_answer + 1) % max_answers;
    parts_kept_ -= form.answers[form.last_answer].members.size() / bytes_of_member;
  }
  parts_kept_ += made.members.size() / bytes_of_member;
  form.answers[form.last_answer] = std::move(made);
  return &form.answers[form.last_answer];
}

std::unique_ptr<RecordReader::Form>& RecordReader::place_of(
    const std::vector<std::uint64_t>& signature) {
  std::size_t at = hash_of(signature) % form_slots;
  while (forms_[at] && !equal(forms_[at]->signature, signature)) at = (at + 1) % form_slots;
  return forms_[at];
}

RecordReader::Form* RecordReader::form_of(base::Result<void>& made) {
  const std::vector<std::uint64_t>& signature = record_.signature();
  if (!signature.empty() && form_count_ < 2 * max_forms &&
      parts_kept_ < max_parts_kept + max_parts_in_batch) {
    std::unique_ptr<Form>& place = place_of(signature);
    if (place) return place.get();
    auto form = std::make_unique<Form>();
    form->signature = signature;
    made = make(*form, true);
    if (!made) return nullptr;
    if (form->shape.size() > max_parts_of_form) {
      scratch_ = std::move(*form);
      return &scratch_;
    }
    ++form_count_;
    parts_kept_ += form->shape.size();
    place = std::move(form);
    return place.get();
  }
  scratch_ = {};
  made = make(scratch_, false);
  return &scratch_;
}

base::Result<void> RecordReader::make(Form& form, bool lasting) {
  if (auto made = make_shape(record_, max_parts_, form.shape); !made) return made;
  bool event = false;
  for (const Part& part : form.shape) {
    if (part.kind == Part::Kind::open) {
      event = local_name(part.text) == "Event";
      break;
    }
  }
  if (!event) return base::Error{"has no element Event"};
  form.fields = fields_.compile(form.shape, record_, lasting);
  return {};
}

}  // namespace escudo::sources
