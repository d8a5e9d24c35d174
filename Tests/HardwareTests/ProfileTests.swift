import ConfigFiles
import Testing

@testable import Hardware

@Suite struct ProfileTests {
  private static let stack = Stack(
    model: "llama-3.1-8b",
    chip: "b200",
    engine: "vllm",
    precision: "fp8",
    isMixtureOfExperts: false
  )

  private static func constants(_ values: [(FittedConstant, Double)]) -> FittedConstants {
    var constants = FittedConstants()
    for (constant, value) in values { constants[constant] = constant.rounded(value) }
    return constants
  }

  private static let delay = FirstTokenDelay(
    steps: 0.7,
    attentionParallelSteps: 31.25,
    seconds: 0.0123456789,
    secondsPerPromptToken: 3.333333333e-6
  ).rounded

  private static let versions = [
    EngineVersion(id: EngineVersion.ID(engine: "vllm", version: nil), firstToken: delay, rows: 9),
    EngineVersion(id: EngineVersion.ID(engine: "vllm", version: ""), layerFactor: 1.25, rows: 2),
    EngineVersion(
      id: EngineVersion.ID(engine: "vllm", version: "0.19 \"rc\""),
      layerFactor: EngineVersion.rounded(1 / 3.0),
      firstToken: FirstTokenDelay(steps: 2),
      rows: 7
    ),
  ]

  private static let profile = Profile(
    name: "spring-2026",
    source: "rows \"a\\b\".csv",
    digest: 0x0123_4567_89AB_CDEF_0011_2233_4455_6677,
    date: "2026-05-01",
    levels: [
      Profile.Level(
        scope: .global,
        constants: constants([(.bandwidthEfficiency, 0.7123456789), (.layerFloor, 61.23456789e-6)]),
        rows: 2_292,
        timePerOutputToken: Profile.Quality(median: 0.0931, ninetieth: 0.27),
        timeToFirstToken: Profile.Quality(median: 0.2, ninetieth: 1.5)
      ),
      Profile.Level(
        scope: .engineClass(stack.engineClass),
        constants: constants([(.slowdown, 1.1), (.hostTime, 0.6e-3)]),
        rows: 300
      ),
      Profile.Level(
        scope: .stack(stack),
        constants: constants([(.expertLayerFloor, 1.0 / 3 * 1e-4)]),
        rows: 1
      ),
    ],
    versions: versions
  )

  private func read(_ text: String) throws -> Profile {
    try Profile(bytes: Array(text.utf8), file: "p.yaml")
  }

  @Test func `what is written is read again, to the last bit`() throws {
    let read = try read(Self.profile.yaml)
    #expect(read == Self.profile)
    #expect(read.yaml == Self.profile.yaml)
    #expect(read.constantCount == 5)
  }

  @Test(arguments: FittedConstant.allCases)
  func `constants keep six digits`(constant: FittedConstant) {
    for step in 1..<200 {
      let least = constant.range.lowerBound
      let value = least + (constant.range.upperBound - least) * Double(step) / 200 / 3
      let rounded = constant.rounded(value)
      #expect(abs(rounded / value - 1) < 1e-5)
      #expect(constant.rounded(rounded) == rounded)
    }
  }

  @Test func `a stack without a level of its own takes its engine's, then everyone's`() {
    let profile = Self.profile
    #expect(profile.level(for: Self.stack).rows == 1)
    #expect(Self.profile.levels[2].scope.text == "llama-3.1-8b b200 vllm fp8")
    var other = Self.stack
    other.chip = "h100"
    #expect(profile.constants(for: other)[.slowdown] == 1.1)
    other.engine = "trtllm"
    #expect(profile.level(for: other).rows == 2_292)
    #expect(Profile.catalogue.constants(for: other) == FittedConstants())
  }

  @Test func `a stack that is not there has what its relatives suggest`() throws {
    var profile = Self.profile
    var near = Self.stack
    near.chip = "b300"
    // Stacks that do not state how well they fit say nothing.
    #expect(profile.level(for: near).rows == 300)
    profile.levels[2].fitError = 0.03
    profile.levels[2].rows = 50
    let level = profile.level(for: near)
    #expect(level.constants == profile.levels[2].constants && level.rows == 0)
    #expect(level.timePerOutputToken == profile.levels[1].timePerOutputToken)
    let resolved = profile.resolve(
      model: near.model,
      chip: near.chip,
      engine: near.engine,
      precision: near.precision,
      isMixtureOfExperts: false
    )
    #expect(resolved.level == "relatives of llama-3.1-8b b300 vllm fp8")
    // Too far away to say anything.
    var far = near
    (far.model, far.engine, far.precision) = ("other", "sglang", "bf16")
    far.isMixtureOfExperts = true
    #expect(profile.level(for: far).scope == .global)
    #expect(try read(profile.yaml) == profile)
  }

  @Test func `relatives are a weighted median, whoever fits badly hardly counts`() throws {
    func member(_ chip: String, _ value: Double, error: Double = 0.02) -> Relatives.Member {
      var stack = Self.stack
      stack.chip = chip
      return Relatives.Member(stack: stack, values: [value], rows: 100, error: error)
    }
    var asked = Self.stack
    asked.chip = "b400"
    func suggested(_ members: [Relatives.Member]) throws -> Double {
      try #require(Relatives(members, of: asked).values?.first)
    }
    #expect(try suggested([member("b200", 1)]) == 1)
    #expect(abs(try suggested([member("b200", 1), member("b300", 3)]) - 2) < 1e-12)
    let three = [member("b200", 1), member("b300", 2), member("gb200", 9)]
    #expect(abs(try suggested(three) - 2) < 1e-12)
    let odd = [member("b200", 1), member("b300", 1.1), member("gb200", 9, error: 2)]
    #expect(try suggested(odd) < 1.2)
    // Another generation counts less.
    #expect(try suggested([member("b200", 1), member("h100", 3)]) < 1.6)
    #expect(Relatives([member("b400", 5)], of: asked).values == nil)
  }

  @Test func `a version is as it was found to be, and delays are its engine's where it has none`() {
    func id(_ engine: String, _ version: String) -> EngineVersion.ID {
      EngineVersion.ID(engine: engine, version: version)
    }
    let profile = Self.profile
    #expect(profile.layerFactor(of: id("vllm", "")) == 1.25)
    #expect(profile.layerFactor(of: id("vllm", "0.20")) == 1)
    #expect(profile.firstTokenDelay(of: id("vllm", "0.19 \"rc\"")).steps == 2)
    #expect(profile.firstTokenDelay(of: id("vllm", "")) == Self.delay)
    #expect(profile.firstTokenDelay(of: id("vllm", "0.20")) == Self.delay)
    #expect(profile.firstTokenDelay(of: id("sglang", "0.20")) == FirstTokenDelay())
    #expect(profile.versionConstantCount == 2 + 4 + 3)
    #expect(Self.versions == Self.versions.shuffled(by: [2, 0, 1]).sorted { $0.id < $1.id })
  }

  @Test func `names choose built-in profiles, and paths files`() throws {
    #expect(try Profile.named("catalogue") == .catalogue)
    let unknown = try #require(throws: CatalogueError.self) { try Profile.named("catalog") }
    #expect(unknown.description.contains("did you mean 'catalogue'?"))
    let missing = try #require(throws: CatalogueError.self) { try Profile.named("no/such.yaml") }
    guard case .file(let error) = missing else {
      Issue.record("\(missing)")
      return
    }
    #expect(error.kind == .noSuchFile)
  }

  @Test(arguments: Profile.names)
  func `a profile that comes with the kit serves whatever runs`(name: String) throws {
    let profile = try Profile.named(name)
    #expect(profile.name == name)
    let resolved = profile.resolve(
      model: "no-such-model",
      chip: "no-such-chip",
      engine: "no-such-engine",
      precision: "fp8",
      isMixtureOfExperts: true
    )
    #expect(resolved.level == "catalogue" || resolved.level.hasPrefix("relatives of no-such-model"))
    for level in profile.levels {
      #expect(level.constants.all.count <= 4)
      for (constant, value) in level.constants.all { #expect(constant.range.contains(value)) }
    }
  }

  @Test(arguments: [
    ("slowdown: 1.1", "slowdown: 99", "slowdown is '99'; expected a number from"),
    ("slowdown:", "slowdwn:", "unknown key 'slowdwn'"),
    ("level: class", "level: klass", "unknown level 'klass'"),
    ("constants: 5", "constants: 6", "constants is 6, and the levels have 5"),
    ("digest: \"0123", "digest: \"x123", "expected 32 hexadecimal digits"),
    ("    engine: vllm\n    experts", "    experts", "needs the key 'engine'"),
    ("profile: spring-2026\n", "", "needs the key 'profile'"),
    ("layer_factor: 1.25", "layer_factor: 0", "layer_factor is '0'; expected a number from"),
    ("layer_factor: 1.25", "layers: 1.25", "unknown key 'layers'"),
    ("version: \"any\"", "version: \"0.19 \\\"rc\\\"\"", "the version is given twice"),
  ])
  func `a file that is something else is refused with its line`(
    old: String,
    new: String,
    problem: String
  ) throws {
    let text = Self.profile.yaml
    #expect(text.contains(old))
    let error = try #require(throws: ConfigFileError.self) {
      try read(text.replacing(old, with: new, maxReplacements: 1))
    }
    #expect(error.description.contains(problem), "\(error)")
    #expect(error.line != nil)
  }

  @Test func `damaged files are read or refused, and never end the program`() {
    let whole = Array(Self.profile.yaml.utf8)
    var refused = 0
    for round in 0..<400 {
      var bytes = whole
      var word = UInt64(round + 1) &* 0x9E37_79B9_7F4A_7C15
      word = (word ^ word >> 29) &* 0xBF58_476D_1CE4_E5B9
      let place = Int(word % UInt64(bytes.count))
      if word >> 62 == 0 {
        bytes.removeSubrange(place...)
      } else {
        bytes[place] ^= UInt8(1 << (word >> 40 & 7))
      }
      do throws(ConfigFileError) {
        _ = try Profile(bytes: bytes, file: "p.yaml")
      } catch {
        refused += 1
      }
    }
    #expect(refused > 200, "\(refused)")
  }
}

extension Array {
  /// The elements in another order.
  fileprivate func shuffled(by order: [Int]) -> [Element] { order.map { self[$0] } }
}
