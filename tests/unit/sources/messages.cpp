#include "sources/messages.hpp"

#include "catch.hpp"

using namespace escudo;

TEST_CASE("messages of several formats become events in their order; what is none is damage") {
  sources::Messages messages("topic", {});
  const auto xml = [](int id) {
    return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID>" +
           std::to_string(id) + "</EventID><EventRecordID>" + std::to_string(id) +
           "</EventRecordID><Channel>C</Channel><Computer>pc</Computer></System></Event>";
  };
  std::vector<std::string> texts = {xml(1), xml(2),
                                    R"({"EventID":3,"Channel":"C","TimeCreated":"2020-09-14T12:06:01Z","Hostname":"pc"})",
                                    "", "no event at all", xml(4)};
  for (int round = 0; round < 2; ++round) {
    CHECK(messages.drained());
    messages.take(texts);
    std::vector<int> ids;
    event::Batch batch;
    while (messages.next(batch)) {
      for (const event::Event& event : batch.events) ids.push_back(event.event_id);
    }
    CHECK(ids == std::vector<int>{1, 2, 3, 4});
    CHECK(batch.events.empty());
    CHECK(messages.damaged() == static_cast<std::uint64_t>(round + 1));
  }
}

TEST_CASE("messages are drained with their last batch, not after it") {
  sources::Messages messages("topic", {});
  messages.take({R"({"EventID":3,"Channel":"C","TimeCreated":"2020-09-14T12:06:01Z","Hostname":"pc"})"});
  CHECK_FALSE(messages.drained());
  event::Batch batch;
  REQUIRE(messages.next(batch));
  CHECK(messages.drained());
}
