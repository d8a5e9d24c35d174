import ConfigFiles
import Testing

@testable import Hardware

/// What one reads who made a mistake in a file of the catalogue.
@Suite struct CatalogueErrorTests {
  private static let chip = String(decoding: Chip.text(of: "h100") ?? [], as: UTF8.self)
  private static let model = String(decoding: Model.text(of: "deepseek-v3") ?? [], as: UTF8.self)
  private static let fabric = String(decoding: Fabric.text(of: "efa-v4") ?? [], as: UTF8.self)

  private func message(_ read: () throws(CatalogueError) -> Void) -> String? {
    do {
      try read()
      return nil
    } catch {
      return error.description
    }
  }

  private func bytes(_ text: String, _ old: String, _ new: String) -> [UInt8] {
    Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
  }

  @Test(arguments: [
    ("is: 989 Top/s", "is: 989 GB", "4:15: bf16 is '989 GB'; expected operations per second"),
    ("is: 989 Top/s", "is: 989Top/s", "4:15: bf16 is '989Top/s'; expected operations per second"),
    ("is: 989 Top/s", "is: -1 Top/s", "4:15: bf16 is '-1 Top/s'; expected a value from "),
    ("is: 989 Top/s, published: aic", "is: 989 Top/s", "4:9: bf16 has no source; add measured"),
    ("published: aic }", "published: aic, assumed: x }", "4:51: bf16 has two sources; keep one"),
    ("published: aic }", "publishd: aic }", "4:26: unknown key 'publishd' in bf16; did you mean"),
    ("  bf16:", "  fp4:", "4:3: peak needs the key 'bf16'; add it"),
    ("timing: roofline", "timing: rofline", "unknown timing 'rofline'; did you mean 'roofline'?"),
    ("timing: roofline", "timing: roofline\nlike: h20", "unknown like 'h20'"),
    ("prices:", "price:", "unknown key 'price' in a chip; did you mean 'prices'?"),
  ])
  func `a mistake in a chip has a place`(old: String, new: String, expected: String) {
    let found = message { () throws(CatalogueError) in
      _ = try Chip.shelf.entry(bytes: bytes(Self.chip, old, new), file: "c.yaml")
    }
    #expect(found?.hasPrefix("c.yaml:") == true)
    #expect(found?.contains(expected) == true, "\(found ?? "")")
  }

  @Test(arguments: [
    ("layers: 61", "layers: 0", "14:9: layers is '0'; expected a whole number from 1 to 4096"),
    ("kv_rank: 512", "kv_heads: 8", "query_rank goes with the key 'kv_rank', of latent attention"),
    (
      "kv_rank: 512", "kv_rank: 512\n  head_size: 1", "head_size does not go with the key 'kv_rank'"
    ),
    ("dense_layers: 3", "dense_layers: 61", "dense_layers is '61'; expected a whole number"),
    ("active: 8", "active: 257", "active is '257'; expected a whole number from 1 to 256"),
    ("dense_feed_forward: 18432\n", "", "a model needs the key 'dense_feed_forward'; add it"),
    ("weights: fp8", "weights: fp9", "unknown weights 'fp9'; did you mean 'fp8'?"),
    ("vocabulary: 129280", "vocabulary: 1e5", "vocabulary is '1e5'; expected a whole number"),
  ])
  func `a mistake in a model has a place`(old: String, new: String, expected: String) {
    let found = message { () throws(CatalogueError) in
      _ = try Model.shelf.entry(bytes: bytes(Self.model, old, new), file: "m.yaml")
    }
    #expect(found?.hasPrefix("m.yaml:") == true)
    #expect(found?.contains(expected) == true, "\(found ?? "")")
  }

  @Test(arguments: [
    (
      "efficiency:", "eficiency:", "unknown key 'eficiency' in a fabric; did you mean 'efficiency'?"
    ),
    ("is: 0.9,", "is: 1.1,", "efficiency is '1.1'; expected a value from 0.0001 to 1"),
    ("is: 20 us", "is: 20us", "latency is '20us'; expected a time such as '50 us'"),
    ("network-cards", "cards", "unknown attachment 'cards'"),
  ])
  func `a mistake in a fabric has a place`(old: String, new: String, expected: String) {
    let found = message { () throws(CatalogueError) in
      _ = try Fabric.shelf.entry(bytes: bytes(Self.fabric, old, new), file: "f.yaml")
    }
    #expect(found?.hasPrefix("f.yaml:") == true)
    #expect(found?.contains(expected) == true, "\(found ?? "")")
  }

  @Test func `a mistake in the tables has a place`() {
    let anchors = "anchors:\n  - { id: a, what: b, value: x, unit: s, conditions: c, source: d }\n"
    #expect(
      message { () throws(CatalogueError) in _ = try Anchor.read(Array(anchors.utf8), file: "a") }
        == "a:2:30: value is 'x'; expected a number from 1e-12 to 1e+18"
    )
    #expect(
      message { () throws(CatalogueError) in _ = try Work.read(Array("works: []".utf8), file: "w") }
        == "w:1:8: works is an empty list; expected a list of 1 to 4096 mappings"
    )
  }
}
