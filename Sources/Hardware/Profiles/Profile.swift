/// What runs on what: the finest level at which constants are fitted.
public struct Stack: Sendable, Hashable {
  /// Names in the catalogue.
  public var model: String
  public var chip: String
  /// Such as `vllm`.
  public var engine: String
  /// The format of weights and matrices, such as `fp8`.
  public var precision: String
  public var isMixtureOfExperts: Bool

  public init(
    model: String,
    chip: String,
    engine: String,
    precision: String,
    isMixtureOfExperts: Bool
  ) {
    self.model = model
    self.chip = chip
    self.engine = engine
    self.precision = precision
    self.isMixtureOfExperts = isMixtureOfExperts
  }

  /// As tables print it: `llama-3.1-70b b200 trtllm fp8`.
  public var text: String { "\(model) \(chip) \(engine) \(precision)" }

  /// The level above: the engine and the kind of model.
  public var engineClass: EngineClass {
    EngineClass(engine: engine, isMixtureOfExperts: isMixtureOfExperts)
  }
}

/// An engine with models of one kind.
public struct EngineClass: Sendable, Hashable {
  public var engine: String
  public var isMixtureOfExperts: Bool

  public init(engine: String, isMixtureOfExperts: Bool) {
    self.engine = engine
    self.isMixtureOfExperts = isMixtureOfExperts
  }

  public var text: String { "\(engine) \(isMixtureOfExperts ? "experts" : "dense")" }
}

/// Constants of the step formulas, fitted to measurements, for stacks and for what has not been
/// measured.
public struct Profile: Sendable, Equatable {
  /// How general a level's constants are.
  public enum Scope: Sendable, Hashable {
    /// Whatever runs.
    case global
    case engineClass(EngineClass)
    case stack(Stack)
  }

  /// Constants of one level and how well they do.
  public struct Level: Sendable, Equatable {
    public var scope: Scope
    public var constants: FittedConstants
    /// Measurements they were fitted to.
    public var rows: Int
    /// Median of |predicted ÷ measured − 1| on these; nil where it was not noted.
    public var fitError: Double?
    /// Errors on rows that the constants were not fitted to; nil where that was not looked into.
    public var timePerOutputToken: Quality?
    public var timeToFirstToken: Quality?

    public init(
      scope: Scope,
      constants: FittedConstants,
      rows: Int,
      fitError: Double? = nil,
      timePerOutputToken: Quality? = nil,
      timeToFirstToken: Quality? = nil
    ) {
      self.scope = scope
      self.constants = constants
      self.rows = rows
      self.fitError = fitError
      self.timePerOutputToken = timePerOutputToken
      self.timeToFirstToken = timeToFirstToken
    }
  }

  /// Quantiles of |predicted ÷ measured − 1|.
  public struct Quality: Sendable, Equatable {
    public var median: Double
    public var ninetieth: Double

    public init(median: Double, ninetieth: Double) {
      self.median = median
      self.ninetieth = ninetieth
    }
  }

  /// What predictions and listings call it: letters, digits, dots, hyphens and underscores.
  public var name: String
  /// The file that was fitted to, by its name and the digest of its bytes.
  public var source: String
  public var digest: UInt128
  /// The day of the calibration, as whoever made it gave it; empty where nobody did.
  public var date: String
  /// From the most general to the most particular.
  public var levels: [Level]
  /// How versions of engines differ; by engine and version.
  public var versions: [EngineVersion]

  public init(
    name: String,
    source: String = "",
    digest: UInt128 = 0,
    date: String = "",
    levels: [Level] = [],
    versions: [EngineVersion] = []
  ) {
    self.name = name
    self.source = source
    self.digest = digest
    self.date = date
    self.levels = levels
    self.versions = versions
  }

  /// The constants of the catalogue, under which nothing is fitted.
  public static let catalogue = Profile(name: "catalogue")

  /// How many numbers were fitted, over all levels.
  public var constantCount: Int { levels.reduce(0) { $0 + $1.constants.all.count } }

  /// How many numbers were fitted to versions of engines, as calibrations fit them: four of a delay per
  /// engine, of which its versions have three of their own, and a factor each.
  public var versionConstantCount: Int {
    versions.reduce(0) { count, version in
      let isEngine = version.id.version == nil
      return count + (isEngine ? 0 : 1) + (version.firstToken == nil ? 0 : isEngine ? 4 : 3)
    }
  }

  /// How much longer layers take under a version of an engine; 1 where nothing is known of it.
  public func layerFactor(of id: EngineVersion.ID) -> Double {
    versions.first { $0.id == id }?.layerFactor ?? 1
  }

  /// When clients see first tokens under a version of an engine: as was found of it, else of the
  /// engine; at once where nothing was.
  public func firstTokenDelay(of id: EngineVersion.ID) -> FirstTokenDelay {
    for version in [id.version, nil] {
      let known = versions.first { $0.id == EngineVersion.ID(engine: id.engine, version: version) }
      if let delay = known?.firstToken { return delay }
    }
    return FirstTokenDelay()
  }

  /// The constants for a stack: its own, else those that its relatives suggest, else those of its
  /// engine and kind of model, else those for everything, else none.
  public func constants(for stack: Stack) -> FittedConstants { level(for: stack).constants }

  /// The level that a stack's constants come from; an empty global one where there is none. What
  /// relatives suggest is a level of the stack without rows, whose errors to expect are those of the
  /// level above, which was judged on models that were left out.
  public func level(for stack: Stack) -> Level {
    if let level = levels.first(where: { $0.scope == .stack(stack) }) { return level }
    let above =
      levels.first { $0.scope == .engineClass(stack.engineClass) }
      ?? levels.first { $0.scope == .global }
    guard let constants = relatives(of: stack) else {
      return above ?? Level(scope: .global, constants: FittedConstants(), rows: 0)
    }
    return Level(
      scope: .stack(stack),
      constants: constants,
      rows: 0,
      timePerOutputToken: above?.timePerOutputToken,
      timeToFirstToken: above?.timeToFirstToken
    )
  }
}

extension Profile.Scope {
  /// As tables print it: `all`, `vllm dense`, `llama-3.1-70b b200 trtllm fp8`.
  public var text: String {
    switch self {
    case .global: "all"
    case .engineClass(let engineClass): engineClass.text
    case .stack(let stack): stack.text
    }
  }
}

extension Profile {
  /// What a profile has for something that is about to be simulated.
  public struct Resolved: Sendable, Equatable {
    public var constants: FittedConstants
    /// The level that they come from, such as `stack deepseek-v3 b200 trtllm fp8`, `relatives of
    /// deepseek-v3 mi355x sglang fp8`, `class vllm dense`, `global`; `catalogue` where the profile has none.
    public var level: String
    /// Errors to expect: those of the level on rows that it was not fitted to; nil where that was not
    /// looked into.
    public var timePerOutputToken: Quality?
    public var timeToFirstToken: Quality?
  }

  /// The constants for a model on a chip under an engine, and how far they can be trusted.
  public func resolve(
    model: String,
    chip: String,
    engine: String,
    precision: String,
    isMixtureOfExperts: Bool
  ) -> Resolved {
    let level = level(
      for: Stack(
        model: model,
        chip: chip,
        engine: engine,
        precision: precision,
        isMixtureOfExperts: isMixtureOfExperts
      )
    )
    let name =
      switch level.scope {
      case .global: level.constants.all.isEmpty ? Self.catalogue.name : "global"
      case .engineClass(let engineClass): "class \(engineClass.text)"
      case .stack(let stack): (level.rows == 0 ? "relatives of " : "stack ") + stack.text
      }
    return Resolved(
      constants: level.constants,
      level: name,
      timePerOutputToken: level.timePerOutputToken,
      timeToFirstToken: level.timeToFirstToken
    )
  }
}
