import Foundation
import Policies
import Testing

struct PolicyChoiceTests {
  private static let policyFolder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "policies")

  @Test func `the defaults are the documented ones`() {
    let specs = PolicyHook.allCases.map { "\($0)=\(PolicyChoice.defaults[$0])" }
    #expect(
      specs == [
        "admit=accept-all", "gateway-order=fcfs", "route-prefill=session-affinity", "order=fcfs",
        "batch=chunked", "route-decode=least-kv", "bridge-order=fcfs", "decode-admit=fits",
        "preempt=newest-first", "transfers=fair-share", "evict=lru", "retain=release",
        "write-back=stays", "tier=write-back",
      ]
    )
  }

  @Test(
    arguments: [
      ("default", "default"),
      ("order=fcfs", "default"),
      ("order=sjf route-prefill=power-of-two", "route-prefill=power-of-two order=sjf"),
      ("vllm-v0", "batch=prefill-priority"),
      ("vllm-v0 batch=chunked", "default"),
      ("  sarathi\torder=sjf ", "order=sjf batch=chunked:tokens=512"),
      ("admit=queue-cap:tokens=5,requests=2", "admit=queue-cap:requests=2,tokens=5"),
      (
        "gateway-order=sjf admit=token-bucket:per=tenant,otherwise=hold",
        "admit=token-bucket:otherwise=hold,per=tenant gateway-order=sjf"
      ),
    ]
  )
  func `a choice is described by what departs from the defaults`(text: String, expected: String)
    throws
  {
    let choice = try PolicyChoice.parse(text)
    #expect(choice.description == expected)
    #expect(try PolicyChoice.parse(choice.description) == choice)
  }

  @Test(
    arguments: [
      ("decode-admit=watermark", "decode-admit=watermark"),
      ("decode-admit=watermark:free=0.01", "decode-admit=watermark"),
      ("decode-admit=watermark:free=0.0100", "decode-admit=watermark"),
      ("decode-admit=watermark:free=2e-2", "decode-admit=watermark:free=0.02"),
      ("decode-admit=watermark:free=+0.020", "decode-admit=watermark:free=0.02"),
      ("batch=chunked:tokens=512.0", "batch=chunked:tokens=512"),
      ("batch=chunked:tokens=5.12e2", "batch=chunked:tokens=512"),
    ]
  )
  func `one meaning has one name, however it is spelt`(text: String, name: String) throws {
    #expect(try PolicyChoice.parse(text).normalized(in: .standard).description == name)
  }

  @Test func `presets are normal already`() throws {
    for preset in PolicyPreset.all {
      #expect(try preset.choice.normalized(in: .standard) == preset.choice, "\(preset.name)")
    }
    let defaults = PolicyRegistry.standard.entries(for: .batch).filter { $0.name == "chunked" }
      .flatMap(\.parameters).map { "\($0.name)=\($0.defaultText)" }.joined(separator: ",")
    let choice = try PolicyChoice.parse("batch=chunked:\(defaults)")
    #expect(try choice.normalized(in: .standard) == .defaults)
    #expect(throws: PolicyError.self) {
      try PolicyChoice.parse("order=sfj").normalized(in: .standard)
    }
  }

  @Test(
    arguments: [
      (
        "sarati",
        "unknown preset 'sarati'; did you mean 'sarathi'? Known: default, round-robin, vllm-v0, "
          + "vllm-priority, sarathi, distserve, splitwise, lightllm, staggered"
      ),
      (
        "ordr=sjf",
        "unknown hook 'ordr'; did you mean 'order'? Known: admit, gateway-order, route-prefill, "
          + "order, batch, route-decode, bridge-order, decode-admit, preempt, transfers, evict, "
          + "retain, write-back, tier"
      ),
      ("order=sjf order=fcfs", "order is given twice"),
      ("default sarathi", "'sarathi' is not of the form hook=spec"),
      (" ", "' ' is not of the form a preset or hook=spec pairs"),
      ("order=", "'' is not of the form NAME or NAME:parameter=value,parameter=value"),
    ]
  )
  func `a bad choice is explained`(text: String, message: String) {
    let error = #expect(throws: PolicyError.self) { try PolicyChoice.parse(text) }
    #expect(error?.description == message)
  }

  @Test func `whoever asks for belady is told where it is`() throws {
    let choice = try PolicyChoice.parse("evict=belady")
    let error = #expect(throws: PolicyError.self) { try choice.resolve() }
    #expect(error?.description.contains("`replay cache`") == true)
  }

  @Test func `every preset has one sentence, a source, and policies that resolve`() throws {
    for preset in PolicyPreset.all {
      #expect(preset.summary.hasSuffix("."), "\(preset.name)")
      #expect(preset.source.hasSuffix("."), "\(preset.name)")
      _ = try preset.choice.resolve()
      #expect(try PolicyChoice.parse(preset.name) == preset.choice)
    }
  }

  @Test func `the presets and the policy files are the same`() throws {
    let files = try FileManager.default
      .contentsOfDirectory(atPath: Self.policyFolder.path)
      .filter { $0.hasSuffix(".policy") }
    #expect(files.sorted() == PolicyPreset.all.map { $0.name + ".policy" }.sorted())
    for preset in PolicyPreset.all {
      let path = Self.policyFolder.appending(path: preset.name + ".policy").path
      #expect(try PolicyChoice.load(file: path) == preset.choice, "\(preset.name)")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let comment = text.split(separator: "\n")
        .filter { $0.hasPrefix("# ") }.map { $0.dropFirst(2) }.joined(separator: " ")
      #expect(comment == "\(preset.summary) Source: \(preset.source)")
    }
  }

  @Test func `the guide to policy files lists every hook and policy`() throws {
    let guide = try String(
      contentsOf: Self.policyFolder.appending(path: "README.md"),
      encoding: .utf8
    )
    for hook in PolicyHook.allCases {
      let names = PolicyRegistry.standard.entries(for: hook).map { "`\($0.name)`" }
      let row = "| `\(hook)` | \(hook.summary) | \(names.joined(separator: ", ")) |"
      #expect(guide.contains(row), "\(row)")
    }
  }

  @Test(
    arguments: [
      ("# only a comment\n\n", "default"),
      (
        "order: sjf # shortest first\r\nadmit:queue-cap:requests=2\r\n",
        "admit=queue-cap:requests=2 order=sjf"
      ),
    ]
  )
  func `a policy file may have comments, blank lines and any line ends`(
    text: String,
    expected: String
  ) throws {
    try Self.withFile(text) { path in
      let choice = try PolicyChoice.load(file: path)
      #expect(choice.description == expected)
    }
  }

  @Test(
    arguments: [
      ("# top\norder sjf\n", "2: 'order sjf' is not of the form hook: spec"),
      ("order: sjf\n\norder: fcfs\n", "3: order is given twice"),
      (
        "order: sfj\n",
        "1: unknown policy 'sfj' for order; did you mean 'sjf'? Known: fcfs, sjf, hrrn, priority, "
          + "program-fcfs, plas"
      ),
      (
        "batch: chunked:tokens=0\n",
        "1: chunked: tokens is '0', expected a whole number from 1 to 1000000000 "
          + "(tokens per step)"
      ),
    ]
  )
  func `an error in a policy file names its line`(text: String, message: String) throws {
    try Self.withFile(text) { path in
      let error = #expect(throws: PolicyError.self) { try PolicyChoice.load(file: path) }
      #expect(error?.description == "\(path):\(message)")
    }
  }

  @Test func `a policy file that is not there is an error of its own`() {
    #expect(throws: PolicyError.unreadable(path: "/nowhere/x.policy")) {
      try PolicyChoice.load(file: "/nowhere/x.policy")
    }
  }

  private static func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).policy")
    try Data(text.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
  }
}
