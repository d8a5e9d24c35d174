import Testing
import Workload

@Suite struct `Spelling suggestions` {
  @Test(arguments: [
    ("promt_tokens", "prompt_tokens"), ("OUTPUT_TOKENS", "output_tokens"), ("sesion", "session"),
    ("hash_id", "hash_ids"),
  ])
  func `the nearest name has the fewest edits`(typed: String, meant: String) {
    let known = ["arrival_seconds", "prompt_tokens", "output_tokens", "session", "hash_ids"]
    #expect(Spelling.nearest(to: typed, among: known) == meant)
  }

  @Test func `of equals the first is suggested, and of none nothing`() {
    #expect(Spelling.nearest(to: "bat", among: ["cat", "rat"]) == "cat")
    #expect(Spelling.nearest(to: "x", among: []) == nil)
  }
}
