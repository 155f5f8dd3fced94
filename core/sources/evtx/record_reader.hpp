#pragma once
// RecordReader: the record at a place of a chunk -> an event in the batch, or nothing when nobody
// wants it. What is derived from a shape is kept and serves every record of that shape.
//
// Lifetime: events hold views into the batch's arena and into templates, none into the chunk.
// Threads: none; one reader of a file has one.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sources/binxml/fields.hpp"
#include "sources/binxml/record.hpp"
#include "sources/binxml/shape.hpp"
#include "sources/binxml/text_program.hpp"
#include "sources/demand.hpp"
#include "sources/evtx/chunk.hpp"
#include "sources/source.hpp"

namespace escudo::sources {

class RecordReader {
 public:
  explicit RecordReader(const OpenOptions& options);

  Templates& templates() { return templates_; }
  // With each cleared batch.
  void start(event::Batch& batch);
  // The chunk that the following records are in.
  void start_chunk(std::string_view chunk);

  enum class Outcome { added, passed_over };
  // Fails with what is wrong, to follow "record N ".
  base::Result<Outcome> read(const EvtxRecordPlace& where, const RecordPlace& place,
                             event::Batch& batch);

  // Of the record that was read last some values could not be read whole.
  bool was_cut() const { return cut_; }

  // The latest time of records that were passed over for want of interest.
  std::optional<base::Time> latest_passed_over() const;

  // The batch should end, so that what a hostile file makes it remember can be dropped.
  bool has_enough() const { return templates_.has_enough(); }

  // How much is remembered of shapes: at most some 270,000, whatever a file holds.
  std::size_t parts_kept() const { return parts_kept_; }

 private:
  struct Answer {
    std::string members;  // the values in a record's id, channel and provider
    FieldProgram fields;
    Demand::Interest interest = Demand::Interest::event;
    // The literals of which one must be found, and the values to look in; none: nothing is sought.
    std::vector<std::pair<std::uint32_t, std::string>> sought;
  };
  struct Form {  // what is made of one shape
    std::vector<std::uint64_t> signature;
    Shape shape;
    FieldProgram fields;
    TextProgram text;
    bool has_text = false;
    std::vector<Answer> answers;  // of the demand, by what tells the kind of event
    std::size_t last_answer = 0;
  };
  struct Kind {  // an answer of the demand
    const Template* of = nullptr;
    std::int32_t event_id = -1;
    std::uint8_t channel_type = 0, provider_type = 0;
    std::string channel, provider;  // bytes of their values, where they are values
    Demand::Interest interest = Demand::Interest::event;
  };

  bool out_of_time(std::uint64_t filetime) const;
  std::optional<std::uint64_t> ticks_of_outer() const;
  std::optional<Demand::Interest> interest();
  void forget();
  bool finds(const Answer& answer) const;
  const Answer* answer(Form& form, const RecordPlace& place, event::Batch& batch,
                       base::Result<void>& asked);
  Form* form_of(base::Result<void>& made);
  std::unique_ptr<Form>& place_of(const std::vector<std::uint64_t>& signature);
  base::Result<void> make(Form& form, bool lasting);

  const OpenOptions& options_;
  const std::size_t max_parts_;
  Templates templates_;
  ParsedRecord record_;
  FieldWriter fields_;
  const bool choosy_;  // what is wanted depends on the kind of event
  TextPen pen_;
  std::string_view chunk_;
  std::uint32_t generation_ = 0;
  // By signature: open addressing, a power of two.
  std::vector<std::unique_ptr<Form>> forms_;
  std::size_t form_count_ = 0;
  std::size_t parts_kept_ = 0;  // of their shapes, and what their texts and answers cost
  Form scratch_;
  std::vector<Kind> kinds_;
  bool cut_ = false;
  std::uint64_t latest_ = 0;  // FILETIME
};

}  // namespace escudo::sources
