import Reporting
import Testing
import Workload

@Suite struct TextDigestTests {
  @Test func `a digest does not depend on how a text is cut`() {
    var random = SplitMix64(seed: 8)
    let text = (0..<1_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    var whole = TextDigest()
    whole.add(text[...])
    for _ in 0..<50 {
      var (pieces, rest) = (TextDigest(), text[...])
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 0...40, using: &random))
        pieces.add(piece)
        rest = rest.dropFirst(piece.count)
      }
      #expect(pieces.value == whole.value && pieces.count == 1_000)
    }
  }

  @Test func `every byte and zeros at the end count`() {
    func digest(_ text: [UInt8]) -> UInt128 {
      var digest = TextDigest()
      digest.add(text[...])
      return digest.value
    }
    var digests = (0...40).map { digest([UInt8](repeating: 0, count: $0)) }
    for index in 0..<40 {
      var text = [UInt8](repeating: 0, count: 40)
      text[index] = 1
      digests.append(digest(text))
    }
    #expect(Set(digests).count == digests.count)
  }
}
