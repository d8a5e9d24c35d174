public import ConfigFiles

/// Keys of a profile's file.
private enum ProfileKey: String, CaseIterable {
  case profile, source, digest, date, constants, levels
}

/// Keys of one level; its constants have the names of `FittedConstant`.
private enum LevelKey: String, CaseIterable {
  case level, model, chip, engine, precision, experts, rows, runs
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

/// Keys of one run of a stack.
private enum RunKey: String, CaseIterable {
  case version, date, layout, speculates
}

private enum LevelName: String, CaseIterable {
  case global
  case engineClass = "class"
  case stack
}

extension Profile {
  private static let mostLevels = 4_096

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
    var level = Level(
      scope: try scope(section),
      constants: constants,
      rows: try section.whole(.rows, in: 0...1_000_000_000) ?? 0,
      timePerOutputToken: try quality(section, .tpotMedian, .tpotNinetieth),
      timeToFirstToken: try quality(section, .ttftMedian, .ttftNinetieth)
    )
    for node in try section.list(.runs, of: "runs", atMost: mostLevels) ?? [] {
      level.runs.append(try run(node))
    }
    return level
  }

  private static func run(_ node: FileNode) throws(FileFault) -> Run {
    let section = try FileSection<RunKey>(node, "a run")
    return Run(
      engineVersion: try section.line(.version) ?? "",
      measuredOn: try section.line(.date) ?? "",
      layout: try section.required(.layout, section.line(.layout)),
      speculates: try section.required(.speculates, section.flag(.speculates))
    )
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
    return text
  }

  private static func lines(_ level: Level) -> [String] {
    var lines = lines(level.scope)
    for (constant, value) in level.constants.all {
      lines.append("\(constant.rawValue): \(constant.inFile(value))")
    }
    lines.append("rows: \(level.rows)")
    if let quality = level.timePerOutputToken {
      lines += ["tpot_p50: \(quality.median)", "tpot_p90: \(quality.ninetieth)"]
    }
    if let quality = level.timeToFirstToken {
      lines += ["ttft_p50: \(quality.median)", "ttft_p90: \(quality.ninetieth)"]
    }
    if !level.runs.isEmpty { lines.append("runs:") }
    for run in level.runs {
      var pairs = ["layout: \(run.layout)", "speculates: \(run.speculates)"]
      if !run.measuredOn.isEmpty { pairs.insert("date: \(quoted(run.measuredOn))", at: 0) }
      if !run.engineVersion.isEmpty { pairs.insert("version: \(quoted(run.engineVersion))", at: 0) }
      lines.append("  - {\(pairs.joined(separator: ", "))}")
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
