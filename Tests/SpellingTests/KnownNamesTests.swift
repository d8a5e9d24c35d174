import Spelling
import Testing

@Suite struct `Known names` {
  @Test(arguments: [
    ("promt_tokens", "prompt_tokens"), ("OUTPUT_TOKENS", "output_tokens"), ("sesion", "session"),
    ("hash_id", "hash_ids"),
  ])
  func `the nearest name has the fewest edits, whatever its case`(typed: String, meant: String) {
    let known = KnownNames([
      "arrival_seconds", "prompt_tokens", "output_tokens", "session", "hash_ids",
    ])
    #expect(known.nearest(to: typed) == meant)
  }

  @Test func `of equals the first is nearest, and of none nothing`() {
    #expect(KnownNames(["cat", "rat"]).nearest(to: "bat") == "cat")
    #expect(KnownNames([]).nearest(to: "x") == nil)
    #expect(KnownNames(["cat"]).nearest(to: "") == nil)
  }

  @Test(arguments: [
    ("kitten", "sitting", true), ("sfj", "sjf", true), ("flaw", "lawn", true),
    ("azure", "mooncake", false), ("abcdef", "abxxxx", false),
  ])
  func `a name is near if at most half of it changes, a swap being one edit`(
    typed: String,
    known: String,
    isNear: Bool
  ) {
    #expect((KnownNames([known]).nearest(to: typed) == known) == isNear)
  }

  @Test func `a hint asks for the nearest name, if there is one, and lists all`() {
    let known = KnownNames(["fcfs", "sjf"])
    #expect(known.hint(for: "sfj") == "; did you mean 'sjf'? Known: fcfs, sjf")
    #expect(known.hint(for: "round-robin") == ". Known: fcfs, sjf")
  }

  @Test func `only the first letters of a long name are compared`() {
    let long = String(repeating: "a", count: 100_000)
    #expect(KnownNames([long]).nearest(to: long + "b") == long)
  }
}
