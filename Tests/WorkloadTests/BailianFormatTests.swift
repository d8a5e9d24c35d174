import Testing
import Workload

private func line(
  _ chat: Int,
  _ parent: Int,
  _ time: String,
  _ tokens: Int,
  _ ids: [Int],
  type: String = "text",
  turn: Int = 1
) -> String {
  #"{"chat_id": \#(chat), "parent_chat_id": \#(parent), "timestamp": \#(time), "#
    + #""input_length": \#(tokens), "output_length": 8, "type": "\#(type)", "#
    + #""turn": \#(turn), "hash_ids": \#(ids)}"#
}

@Suite struct `Bailian format` {
  @Test func `chats follow their parents as recorded, and share full blocks only`() throws {
    let trace = try read(
      [
        line(159, -1, "61.114", 35, [7, 8, 9]),
        line(7, -1, "61.5", 32, [7, 8], type: "coder"),
        line(160, 159, "62.5", 48, [7, 8, 10], turn: 2),
        line(161, 159, "62.5", 15, [11], type: "thinking", turn: 2),
        line(162, 160, "100", 40, [7, 8, 9], turn: 3),
        line(163, 7, "101", 16, [7], type: "coder", turn: 2),
      ].joined(separator: "\n")
    )
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.arrival[1] == 386_000_000)
    #expect(group.session == [0, 1, 0, 0, 0, 1])
    #expect(group.turn == [0, 0, 1, 1, 2, 1])
    #expect(group.gapKind == [.none, .none, .human, .human, .human, .none])
    #expect(
      edges(of: trace) == [
        2: [with(0, 1_386_000_000)], 3: [with(0, 1_386_000_000)],
        4: [with(2, 37_500_000_000)], 5: [with(1, 39_500_000_000)],
      ]
    )
    #expect(trace.names.classes == ["chat", "coding", "reasoning"])
    #expect(trace.names.blockTokens == 16)
    // The third id of the first and the fifth chat is that of a padded block.
    #expect(group.prefixNode == [0, 0, 1, -1, 0, 0])
    #expect(group.prefixBlocks == [2, 2, 1, 0, 2, 1])
  }

  @Test(arguments: [
    (line(2, 9, "2", 9, [1]), "parent_chat_id is 9, which no line before"),
    (line(1, -1, "2", 9, [1]), "chat_id 1 is on an earlier line"),
    (line(2, -2, "2", 9, [1]), "whole number from 0 to 1"),
    (line(2, -1, "0.5", 9, [1]), "earlier than the line before"),
    (line(2, -1, "2", 17, [1]), "has 2 blocks of 16"),
    (line(2, -1, "2", 16, [2, 1]), "has 1 blocks of 16"),
    (line(2, -1, "2", 32, [2, 1]), "stands behind block 2"),
    (line(2, -1, "2", 9, [1], type: "audio"), "expected coder, file, image"),
    (line(2, -1, "2", 9, [1], turn: 0), "turn is '0'"),
    (line(2, -1, "2", 0, [1]), "input_length is '0'"),
    (line(2, -1, "02", 9, [1]), "leading zero"), (line(2, -1, "2e-1", 9, [1]), "timestamp"),
    (#"{"chat_id": 2, "chat_id": 3}"#, "twice"), (#"{"chat": 2}"#, "did you mean 'chat_id'?"),
    (#"{"chat_id": 2}"#, "parent_chat_id is missing"), ("{}", "chat_id is missing"),
    (line(2, -1, "2", 9, [1]) + "}", "end"),
  ])
  func `a bad line is an error of its line`(line text: String, problem: String) throws {
    let error = try failure(line(1, -1, "1", 16, [1]) + "\n" + text, as: .bailian)
    #expect(error?.line == 2)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }
}
