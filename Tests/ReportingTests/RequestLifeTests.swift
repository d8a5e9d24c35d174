import Foundation
import Reporting
import Simulation
import Testing
import Workload

@Suite struct RequestLifeTests {
  @Test func `a life is told line by line, and its stages sum to its time`() {
    #expect(
      life().text == """
        request 17 of class chat, 1,200 prompt tokens, 10 of 10 output tokens; arrival at \
        5.000000000 s; completed

             time, s                                 instance
         0.000000000  arrives
         0.000000000  is sent to compute its prompt  all 1
         0.250000000  starts to compute a chunk      all 1      1,200 tokens
         1.000000000  emits its first token          all 1
         1.500000000  starts to send its KV          all 1     123,456 bytes
        10.000000000  is complete                    all 0

        stage               time, s    share
        gateway         0.000000000    0.0 %
        prefill queue   0.000000000    0.0 %
        prefill         1.000000000   10.0 %
        transfer        0.000000000    0.0 %
        decode queue    0.000000000    0.0 %
        decode          9.000000000   90.0 %
        stall           0.000000000    0.0 %
        sum            10.000000000  100.0 %

        latency       time, s    SLO  counts as
        TTFT      1.000000000     2s        met
        TPOT      1.000000000  999ms     missed
        E2E      10.000000000      –          –

        """
    )
  }

  @Test func `an unfinished request that could still meet its target is open`() {
    var life = life { record in
      record.outcome = .unfinished
      record.firstToken = -1
      record.emittedTokens = 0
      record.finish = record.arrival + second
    }
    #expect(line("TTFT", of: life) == "TTFT – 2s open")
    #expect(line("TPOT", of: life) == "TPOT – 999ms open")
    #expect(line("E2E", of: life) == "E2E – – –")
    #expect(life.json.document.contains("\"e2eSeconds\": null,"))
    life = self.life { record in
      record.outcome = .rejected
      record.reason = 1
      record.firstToken = -1
      record.finish = record.arrival
    }
    #expect(line("TTFT", of: life) == "TTFT – 2s missed")
    #expect(life.text.contains("; rejected: prompt exceeds the KV capacity of every instance\n"))
  }

  @Test func `what was cached of the prompt stands beside it`() {
    let text = life { $0.hitTokens = 1_024 }.text
    #expect(
      text.hasPrefix("request 17 of class chat, 1,200 prompt tokens (1,024 cached), 10 of 10")
    )
  }

  @Test func `a request's own target goes before that of its class`() {
    let life = life { $0.ttftSLO = 100 * millisecond }
    #expect(line("TTFT", of: life) == "TTFT 1.000000000 100ms missed")
  }

  @Test func `the summary ends with the life, in text and in JSON`() throws {
    var summary = summary(try sink([completed()]))
    #expect(!summary.text.contains("request 17"))
    summary.life = life()
    #expect(summary.text.hasSuffix("\n\n" + life().text))
    let object = try JSONSerialization.jsonObject(with: Data(summary.json.document.utf8))
    let json = try #require((object as? [String: Any])?["life"] as? [String: Any])
    #expect(json["record"] as? Int == 17)
    let events = try #require(json["events"] as? [[String: Any]])
    #expect(events.count == 6)
    #expect(events[2]["event"] as? String == "chunkStarted")
    #expect(events[2]["instance"] as? String == "all 1")
    #expect(events[2]["amount"] as? Int == 1_200)
    #expect(events[2]["unit"] as? String == "tokens")
    #expect(events[2]["seconds"] as? Double == 0.25)
    #expect((json["tpot"] as? [String: Any])?["verdict"] as? String == "missed")
  }

  @Test func `every kind of event has words of its own`() {
    let lines = LifeEvent.Kind.allCases.map { kind in
      life(events: [LifeEvent(time: 5 * second, kind: kind)]).text.split(separator: "\n")[2]
    }
    #expect(Set(lines).count == LifeEvent.Kind.allCases.count)
    #expect(lines.allSatisfy { $0.hasPrefix("0.000000000  ") })
  }

  private func line(_ label: String, of life: RequestLife) -> String? {
    life.text.split(separator: "\n").first { $0.hasPrefix(label) }
      .map { $0.split(separator: " ").joined(separator: " ") }
  }

  private func life(
    events: [LifeEvent]? = nil,
    change: (inout RequestRecord) -> Void = { _ in }
  ) -> RequestLife {
    var record = completed(17)
    record.promptTokens = 1_200
    record.arrival += 5 * second
    record.firstToken += 5 * second
    record.finish += 5 * second
    change(&record)
    var result = RunResult()
    let start = 5 * second
    result.life =
      events ?? [
        LifeEvent(time: start, kind: .arrived),
        LifeEvent(time: start, kind: .routedToPrefill, instance: 1),
        LifeEvent(time: start + second / 4, kind: .chunkStarted, instance: 1, amount: 1_200),
        LifeEvent(time: start + second, kind: .firstToken, instance: 1),
        LifeEvent(
          time: start + 3 * second / 2,
          kind: .transferStarted,
          instance: 1,
          amount: 123_456
        ),
        LifeEvent(time: start + 10 * second, kind: .completed, instance: 0),
      ]
    let objectives = try? ServiceObjectives(parsing: ["chat:ttft=2s,tpot=999ms"])
    return RequestLife(
      record: record,
      className: "chat",
      result: result,
      objectives: objectives ?? ServiceObjectives(),
      fleet: fleet()
    )
  }
}
