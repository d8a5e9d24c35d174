extension TraceFormat {
  /// Dynamo's mooncake-delta traces: Mooncake's lines, of which the later turns of a session hold what
  /// is new in them alone.
  ///
  /// Source: github.com/ai-dynamo/dynamo, the mocker's trace format of that name. Nothing in a file
  /// tells it from one of `mooncake`, so that it has to be named.
  public static let mooncakeDelta = TraceFormat(
    name: "mooncake-delta",
    summary: "Dynamo mooncake-delta traces: as mooncake, later turns with their new input alone.",
    example: """
      {"session_id": "s1", "timestamp": 0, "input_length": 1300, "output_length": 96, \
      "hash_ids": [0, 1, 2]}
      {"session_id": "s2", "timestamp": 20, "input_length": 600, "output_length": 9, \
      "hash_ids": [0, 3]}
      {"session_id": "s1", "delay": 1500, "input_length": 200, "output_length": 40, "hash_ids": [4]}
      {"session_id": "s1", "delay": 5, "input_length": 513, "output_length": 4, "hash_ids": [5, 6]}

      """,
    isRecognizable: false,
    matches: { _ in false },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, MooncakeScanner(options, .delta), options)
    }
  )
}

/// The contexts of sessions whose later turns say what is new in them.
///
/// A turn's prompt is the one before, its output and what is new. Its first full blocks are those of
/// the prompt before. The others are the session's own: behind an output, which no id stands for, new
/// input begins inside a block, so that its ids name none.
struct DeltaContexts {
  private var last = ContiguousArray<Turn?>()

  private struct Turn {
    var prompt: Prompt
    var output: Int64
  }

  struct Prompt {
    var tokens: Int32
    /// Where it ends in the trie, and how many blocks of that node it has; nil without prefixes.
    var path: (node: Int32, blocks: Int32)?
  }

  /// The whole prompt of a session's next turn, whose ids are known to be as many as it has blocks.
  mutating func prompt(
    _ fields: MooncakeFields,
    _ ids: ContiguousArray<Int64>,
    of session: Int32,
    in trie: inout PrefixTrieBuilder
  ) throws(Fault) -> Prompt {
    while last.count <= session { last.append(nil) }
    var prompt = Prompt(tokens: Int32(fields.inputLength))
    if let before = last[Int(session)] {
      let sum = Int64(before.prompt.tokens) + before.output + fields.inputLength
      guard let tokens = Int32(exactly: sum) else {
        throw Fault(
          at: fields.inputLengthPosition,
          "prompt of the session has grown to \(sum) tokens; expected at most \(Int32.max)"
        )
      }
      prompt.tokens = tokens
      if let path = before.prompt.path {
        prompt.path = try trie.extend(
          path,
          of: Self.blocks(before.prompt.tokens),
          keeping: before.prompt.tokens / Int32(MooncakeScanner.blockTokens),
          to: Self.blocks(tokens),
          at: fields.inputLengthPosition
        )
      }
    } else if fields.has(.hashIds) {
      prompt.path = try trie.insert(ids, at: fields.hashIdsPosition)
    }
    last[Int(session)] = Turn(prompt: prompt, output: fields.outputLength)
    return prompt
  }

  /// A prompt's blocks, a partial last one among them.
  private static func blocks(_ tokens: Int32) -> Int32 {
    Int32((Int64(tokens) + MooncakeScanner.blockTokens - 1) / MooncakeScanner.blockTokens)
  }
}
