public import ConfigFiles

/// Keys of a profile's file.
private enum ProfileKey: String, CaseIterable {
  case profile, source, digest, date, constants, levels, versions
}

/// Keys of one level; its constants have the names of `FittedConstant`.
private enum LevelKey: String, CaseIterable {
  case level, model, chip, engine, precision, experts, rows
  case fitError = "fit_p50"
  case tpotMedian = "tpot_p50"
  case tpotNinetieth = "tpot_p90"
  case ttftMedian = "ttft_p50"
  case ttftNinetieth = "ttft_p90"
  case bandwidthEfficiency = "bandwidth_efficiency"
  case slowdown
  case layerFloor = "layer_floor_us"
  case expertLayerFloor = "expert_layer_floor_us"
  case hostTime = "host_time_us"
  case requestTime = "request_time_us"
}

/// Keys of one version of an engine.
private enum VersionKey: String, CaseIterable {
  case engine, version, rows
  case layerFactor = "layer_factor"
  case steps = "first_token_steps"
  case attentionParallelSteps = "first_token_attention_parallel_steps"
  case milliseconds = "first_token_ms"
  case microsecondsPerToken = "first_token_us_per_prompt_token"
}

private enum LevelName: String, CaseIterable {
  case global
  case engineClass = "class"
  case stack
}

extension Profile {
  private static let mostLevels = 4_096
  /// What stands for all versions of which nothing else is known; none stands for one that was not
  /// recorded.
  private static let anyVersion = "any"

  /// Reads a profile's file.
  ///
  /// - Throws: `ConfigFileError` where it cannot be read, or holds something else.
  public init(path: String) throws(ConfigFileError) {
    try self.init(bytes: BoundedFile.read(path, as: "profile"), file: path)
  }

  /// Reads the content of a profile's file.
  init(bytes: [UInt8], file: String) throws(ConfigFileError) {
    do throws(FileFault) {
      try self.init(FileNode(bytes: bytes, describing: "profile"))
    } catch {
      throw error.error(in: file)
    }
  }

  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<ProfileKey>(node, "the profile")
    self.init(name: try section.required(.profile, section.word(.profile)))
    source = try section.line(.source) ?? ""
    date = try section.word(.date) ?? ""
    if let text = try section.word(.digest) {
      guard text.utf8.count == 32, let value = UInt128(text, radix: 16) else {
        throw FileFault(
          at: section[.digest]?.place,
          "digest is \(FileNode.quoted(text)); expected 32 hexadecimal digits"
        )
      }
      digest = value
    }
    let nodes = try section.list(.levels, of: "levels", atMost: Self.mostLevels)
    for node in try section.required(.levels, nodes) {
      let level = try Self.level(node)
      guard !levels.contains(where: { $0.scope == level.scope }) else {
        throw FileFault(at: node.place, "the level is given twice; keep one")
      }
      levels.append(level)
    }
    for node in try section.list(.versions, of: "versions", atMost: Self.mostLevels) ?? [] {
      let version = try Self.version(node)
      guard !versions.contains(where: { $0.id == version.id }) else {
        throw FileFault(at: node.place, "the version is given twice; keep one")
      }
      versions.append(version)
    }
    if let count = try section.whole(.constants, in: 0...1_000_000), count != constantCount {
      throw FileFault(
        at: section[.constants]?.place,
        "constants is \(count), and the levels have \(constantCount); expected their number"
      )
    }
  }

  private static func level(_ node: FileNode) throws(FileFault) -> Level {
    let section = try FileSection<LevelKey>(node, "a level")
    var constants = FittedConstants()
    for constant in FittedConstant.allCases {
      guard let key = LevelKey(rawValue: constant.rawValue) else { continue }
      let (least, most) = (constant.range.lowerBound, constant.range.upperBound)
      let range = least * constant.fileScale...most * constant.fileScale
      constants[constant] = try section.number(key, in: range).map { $0 / constant.fileScale }
    }
    return Level(
      scope: try scope(section),
      constants: constants,
      rows: try section.whole(.rows, in: 0...1_000_000_000) ?? 0,
      fitError: try section.number(.fitError, in: 0...1e6),
      timePerOutputToken: try quality(section, .tpotMedian, .tpotNinetieth),
      timeToFirstToken: try quality(section, .ttftMedian, .ttftNinetieth)
    )
  }

  private static func version(_ node: FileNode) throws(FileFault) -> EngineVersion {
    let section = try FileSection<VersionKey>(node, "a version of an engine")
    let name = try section.line(.version) ?? ""
    var version = EngineVersion(
      id: EngineVersion.ID(
        engine: try section.required(.engine, section.word(.engine)),
        version: name == anyVersion ? nil : name
      ),
      layerFactor: try section.number(.layerFactor, in: 0.05...20) ?? 1,
      rows: try section.whole(.rows, in: 0...1_000_000_000) ?? 0
    )
    if let steps = try section.number(.steps, in: 0...1e4) {
      version.firstToken = FirstTokenDelay(
        steps: steps,
        attentionParallelSteps: try section.number(.attentionParallelSteps, in: 0...1e4) ?? 0,
        seconds: (try section.number(.milliseconds, in: 0...1e6) ?? 0) / 1e3,
        secondsPerPromptToken: (try section.number(.microsecondsPerToken, in: 0...1e6) ?? 0) / 1e6
      )
    }
    return version
  }

  private static func scope(_ section: FileSection<LevelKey>) throws(FileFault) -> Scope {
    let name: LevelName? = try section.choice(.level)
    switch try section.required(.level, name) {
    case .global: return .global
    case .engineClass:
      return .engineClass(
        EngineClass(
          engine: try section.required(.engine, section.word(.engine)),
          isMixtureOfExperts: try section.required(.experts, section.flag(.experts))
        )
      )
    case .stack:
      return .stack(
        Stack(
          model: try section.required(.model, section.word(.model)),
          chip: try section.required(.chip, section.word(.chip)),
          engine: try section.required(.engine, section.word(.engine)),
          precision: try section.required(.precision, section.word(.precision)),
          isMixtureOfExperts: try section.required(.experts, section.flag(.experts))
        )
      )
    }
  }

  private static func quality(
    _ section: FileSection<LevelKey>,
    _ median: LevelKey,
    _ ninetieth: LevelKey
  ) throws(FileFault) -> Quality? {
    guard let middle = try section.number(median, in: 0...1e6) else { return nil }
    let high = try section.required(ninetieth, section.number(ninetieth, in: 0...1e6))
    return Quality(median: middle, ninetieth: high)
  }
}

extension Profile {
  /// The content of the profile's file, from which the same profile is read.
  public var yaml: String {
    var text = "# Constants of the step formulas, fitted by 'replay calibrate'.\nprofile: \(name)\n"
    if !source.isEmpty { text += "source: \(Self.quoted(source))\n" }
    if digest != 0 { text += "digest: \"\(Self.hex(digest))\"\n" }
    if !date.isEmpty { text += "date: \"\(date)\"\n" }
    text += "constants: \(constantCount)\nlevels:\n"
    for level in levels {
      text += "  - " + Self.lines(level).joined(separator: "\n    ") + "\n"
    }
    if !versions.isEmpty { text += "versions:\n" }
    for version in versions {
      text += "  - " + Self.lines(version).joined(separator: "\n    ") + "\n"
    }
    return text
  }

  private static func lines(_ level: Level) -> [String] {
    var lines = lines(level.scope)
    for (constant, value) in level.constants.all {
      lines.append("\(constant.rawValue): \(constant.inFile(value))")
    }
    lines.append("rows: \(level.rows)")
    if let error = level.fitError { lines.append("fit_p50: \(error)") }
    if let quality = level.timePerOutputToken {
      lines += ["tpot_p50: \(quality.median)", "tpot_p90: \(quality.ninetieth)"]
    }
    if let quality = level.timeToFirstToken {
      lines += ["ttft_p50: \(quality.median)", "ttft_p90: \(quality.ninetieth)"]
    }
    return lines
  }

  private static func lines(_ version: EngineVersion) -> [String] {
    var lines = ["engine: \(version.id.engine)"]
    let name = version.id.version ?? anyVersion
    if !name.isEmpty { lines.append("version: \(quoted(name))") }
    lines += ["layer_factor: \(version.layerFactor)", "rows: \(version.rows)"]
    if let delay = version.firstToken {
      let values = [
        (VersionKey.steps, delay.steps),
        (.attentionParallelSteps, delay.attentionParallelSteps),
        (.milliseconds, delay.seconds * 1e3),
        (.microsecondsPerToken, delay.secondsPerPromptToken * 1e6),
      ]
      lines += values.map { "\($0.rawValue): \(EngineVersion.rounded($1))" }
    }
    return lines
  }

  private static func lines(_ scope: Scope) -> [String] {
    switch scope {
    case .global: ["level: global"]
    case .engineClass(let engineClass):
      [
        "level: class", "engine: \(engineClass.engine)",
        "experts: \(engineClass.isMixtureOfExperts)",
      ]
    case .stack(let stack):
      [
        "level: stack", "model: \(stack.model)", "chip: \(stack.chip)", "engine: \(stack.engine)",
        "precision: \(stack.precision)", "experts: \(stack.isMixtureOfExperts)",
      ]
    }
  }

  /// 32 lower-case hexadecimal digits.
  private static func hex(_ digest: UInt128) -> String {
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }

  /// Text as YAML has it between double quotes.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
