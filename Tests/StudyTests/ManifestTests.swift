import Hardware
import Policies
import Reporting
import Simulation
import Testing
import Workload

@testable import Study

@Suite struct ManifestTests {
  @Test func `a manifest reads back as it was written`() throws {
    let manifest = try ManifestSample.manifest
    let bytes = Array(manifest.json.document.utf8)
    let read = try Manifest(bytes, file: "manifest.json")
    #expect(read.json.document == manifest.json.document)
    #expect(read.plan.trace == manifest.plan.trace)
    #expect(read.plan.options.rateScale == manifest.plan.options.rateScale)
    #expect(read.plan.options.seed == .max)
    #expect(read.plan.policy == manifest.plan.policy)
    #expect(read.plan.objectives == manifest.plan.objectives)
    #expect(read.plan.fleet.text == manifest.plan.fleet.text)
    #expect(read.trace == manifest.trace)
    let plain = Manifest(
      arguments: [],
      plan: RunPlan(
        trace: TraceSource(path: "t.csv"),
        fleet: manifest.plan.fleet,
        policy: .defaults
      ),
      trace: manifest.trace,
      resultDigest: 0,
      summaryDigest: .max,
      files: manifest.files
    )
    let again = try Manifest(Array(plain.json.document.utf8), file: "manifest.json")
    #expect(again.json.document == plain.json.document)
    #expect(again.plan.trace == plain.plan.trace)
    #expect(again.plan.options.horizon == .never && again.plan.options.limit == .max)
  }

  @Test func `whichever field is edited is named`() throws {
    let document = try ManifestSample.manifest.json
    let paths = document.leaves.filter { $0.first != ManifestSeal.key }
    #expect(paths.count == 53)
    for path in paths {
      let edited = document.replacing(path[...]) { $0.edited }
      let name = path.joined(separator: ".")
      let changed = "m.json: changed since it was written: \(name)"
      #expect(Self.fault(edited)?.description == changed)
      #expect(Self.fault(document.replacing(path[...]) { _ in nil })?.description == changed)
    }
  }

  @Test func `several edits are named together, and so is what was added`() throws {
    var document = try ManifestSample.manifest.json
    document = document.replacing(["seed"]) { $0.edited }
    document = document.replacing(["options", "loop"]) { $0.edited }
    let pairs = try #require(document.pairs)
    document = .object([("more", .bool(true))] + pairs)
    #expect(
      Self.fault(document)?.description
        == "m.json: changed since it was written: more, seed, options.loop"
    )
  }

  @Test(arguments: [
    (["options", "rateScale"], JSONValue.integer(0), "is 0; expected a number above 0"),
    (["options", "engine"], .string("slow"), "is \"slow\"; expected \"fast\" or \"stepping\""),
    (["options", "limit"], .bool(true), "is true; expected null or a whole number from 1 to "),
    (
      ["options", "window", "toNanoseconds"], .integer(1), "is 1; expected null or a whole number "
    ),
    (["seed"], .integer(-1), "is -1; expected a whole number from 0 to 2^64 - 1"),
    (["slo"], .array([.string("ttft=1")]), "is unreadable: SLO 'ttft=1' has no duration above 0"),
    (["resultDigest"], .string("ab"), "is \"ab\"; expected 32 lower-case hexadecimal digits"),
    (["arguments"], .null, "is null; expected an array of strings"),
    (["fleet"], .string("x"), "is \"x\"; expected an object"),
    (["fleet", "name"], .string("x"), "is \"x\"; expected \"b200-pd\", as in its text"),
    (["fleet", "text"], .string("pools: 1"), "is no fleet file: b200-pd.yaml:1:1: "),
    (["policy", "hooks", "order"], .string(""), "is unreadable: '' is not of the form"),
    (["policy", "name"], .string("x"), "is \"x\"; expected \"order=sjf\", as its hooks are"),
    (["trace", "name"], .string("x"), "is \"x\"; expected the path's last part, \"chat.csv\""),
    (["trace", "format"], .string("x"), "is \"x\"; expected null or one of csv, azure, "),
    (["trace", "round"], .integer(1), "is 1; expected true or false"),
    (
      ["trace", "sessionsPerSecond"], .integer(0), "is 0; expected null or a number above 0"
    ),
    (["trace", "failures"], .string("x"), "is \"x\"; expected null or one of keep, drop"),
    (["trace", "charactersPerToken"], .null, "is null; expected a number above 0"),
    (["trace", "rows"], .integer(-1), "is -1; expected a whole number from 0 to "),
    (["kit"], nil, "is missing; expected a string"),
    (["files", "timeline.csv"], nil, "is missing; expected 32 lower-case hexadecimal digits"),
    (["manifest"], .integer(2), "is 2; expected a whole number from 1 to 1"),
  ])
  func `a value that cannot be is an error with its field and what was expected`(
    path: [String],
    value: JSONValue?,
    problem: String
  ) throws {
    let content = try ManifestSample.manifest.content
    let document = ManifestSeal.sealed(content.replacing(path[...]) { _ in value })
    let fault = try #require(Self.fault(document))
    #expect(fault.kind == .damaged)
    #expect(fault.field == path.joined(separator: "."))
    #expect(fault.problem.hasPrefix(problem), "\(fault)")
  }

  @Test func `an unknown field, a missing seal and what is no JSON are errors`() throws {
    let content = try ManifestSample.manifest.content
    let pairs = try #require(content.pairs)
    let unknown = ManifestSeal.sealed(.object(pairs + [("sed", .integer(1))]))
    #expect(
      Self.fault(unknown)?.description.hasPrefix(
        "m.json: field 'sed' is unknown; did you mean 'seed'"
      )
        == true
    )
    #expect(Self.fault(content)?.field == "integrity")
    for text in ["", "{", "[]", "{\"a\": 1, \"a\": 2}"] {
      #expect(throws: DatasetFault.self) { try Manifest(Array(text.utf8), file: "m.json") }
    }
  }

  @Test func `a folder without a manifest is missing`() {
    let fault = #expect(throws: DatasetFault.self) { try Manifest(inFolder: "/nonexistent/x") }
    #expect(fault?.kind == .missing)
    #expect(fault?.file == "/nonexistent/x/manifest.json")
  }

  @Test func `a plan departs in what it changes, and not in where files are`() throws {
    let manifest = try ManifestSample.manifest
    var plan = manifest.plan
    plan.trace.path = "elsewhere/chat.csv"
    plan.fleet = try FleetText(plan.fleet.text, file: "other.yaml")
    #expect(manifest.departures(of: plan, on: manifest.trace) == [])
    plan.trace.reading.sessionsPerSecond = nil
    plan.trace.reading.failures = .keep
    plan.options.rateScale = plan.options.rateScale.nextUp
    plan.options.window = nil
    plan.policy = .defaults
    var identity = manifest.trace
    identity.digest += 1
    #expect(
      manifest.departures(of: plan, on: identity) == [
        "trace.sessionsPerSecond", "trace.failures", "trace.digest", "policy.name",
        "policy.hooks.order", "options.rateScale",
        "options.window.fromNanoseconds", "options.window.toNanoseconds", "options.window",
      ]
    )
  }

  private static func fault(_ document: JSONValue) -> DatasetFault? {
    do throws(DatasetFault) {
      _ = try Manifest(Array(document.document.utf8), file: "m.json")
      return nil
    } catch {
      return error
    }
  }
}

/// A manifest in which no field has its default.
enum ManifestSample {
  private static let source = TraceSource(
    path: "folder/chat.csv",
    reading: TraceReading(
      format: "csv",
      rounding: true,
      sessionsPerSecond: 0.1 + 0.2,
      failures: .drop,
      charactersPerToken: 3.5
    ),
    spreadTies: 1_000_000_000
  )

  static var manifest: Manifest {
    get throws {
      var options = RunOptions()
      options.seed = .max
      options.mode = .stepping
      options.consultsEveryBoundary = true
      options.rateScale = 0.1 + 0.2
      options.horizon = 600_000_000_001
      options.limit = 77
      options.loop = .closed
      options.viewLag = 100_000_000
      options.window = MeasureWindow(start: 1, end: 5)
      options.sampleInterval = 1_000_000_000
      return Manifest(
        arguments: ["run", "chat.csv", "--slo", "a b:ttft=1s"],
        plan: RunPlan(
          trace: source,
          fleet: try FleetText("b200-pd"),
          policy: try .parse("order=sjf"),
          objectives: try ServiceObjectives(parsing: ["ttft=2s", "a b:ttft=1s,tpot=50ms"]),
          options: options,
          estimatedUtilization: [0.8, 1.0 / 3]
        ),
        trace: TraceIdentity(rows: 123, digest: 0xABC),
        resultDigest: 1,
        summaryDigest: .max,
        files: DatasetSchema.digestedFiles.map { DatasetFile(name: $0, digest: 7) }
      )
    }
  }
}

extension JSONValue {
  /// Nil for what is no object.
  fileprivate var pairs: [(String, JSONValue)]? {
    guard case .object(let pairs) = self else { return nil }
    return pairs
  }

  /// The keys that lead to every value that is no object.
  fileprivate var leaves: [[String]] {
    guard case .object(let pairs) = self else { return [[]] }
    return pairs.flatMap { key, value in value.leaves.map { [key] + $0 } }
  }

  /// The document with one of its values replaced, or removed.
  fileprivate func replacing(
    _ path: ArraySlice<String>,
    _ edit: (JSONValue) -> JSONValue?
  ) -> JSONValue {
    guard case .object(let pairs) = self, let first = path.first else { return self }
    return .object(
      pairs.compactMap { key, value in
        guard key == first else { return (key, value) }
        if path.count > 1 { return (key, value.replacing(path.dropFirst(), edit)) }
        return edit(value).map { (key, $0) }
      }
    )
  }

  /// Another value of the same type.
  fileprivate var edited: JSONValue {
    switch self {
    case .null: .bool(true)
    case .string(let text): .string(text + "x")
    case .integer(let value): .integer(value + 1)
    case .unsigned(let value): .unsigned(value ^ 1)
    case .number(let value): .number(value.nextUp)
    case .seconds(let time): .seconds(time + 1)
    case .bool(let value): .bool(!value)
    case .array(let values): .array(values.dropLast())
    case .object: self
    }
  }
}
