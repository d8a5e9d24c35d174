import ConfigFiles

/// A measurement that someone published: what figures of the catalogue rest on, and what
/// predictions can be held against.
public struct Anchor: Sendable, Equatable {
  public var id: String
  /// The quantity, such as "TTFT".
  public var what: String
  public var value: Double
  /// Such as `ms`, `tokens/s`, `share`.
  public var unit: String
  /// Names of the catalogue; nil where none of it was measured.
  public var model: String?
  public var chip: String?
  /// Chips that worked together.
  public var chips: Int?
  /// Concurrent requests, or tokens of a kernel.
  public var batch: Int?
  public var promptTokens: Int?
  public var outputTokens: Int?
  public var conditions: String
  /// Key of the bibliography.
  public var source: String
}

/// A work that figures were taken from.
public struct Work: Sendable, Equatable {
  public var key: String
  public var title: String
  /// Where it is found; "not recorded" where the collection names the site only.
  public var address: String
  /// When it was published or read: a year, month or day.
  public var date: String
}

enum AnchorKey: String, CaseIterable {
  case id, what, value, unit, model, chip, chips, batch, prompt, output, conditions, source
}

enum AnchorsKey: String, CaseIterable {
  case anchors
}

enum WorkKey: String, CaseIterable {
  case key, title, address, date
}

enum WorksKey: String, CaseIterable {
  case works
}

extension Anchor {
  /// Every measurement that comes with the kit.
  public static var all: [Anchor] { Catalogue.sound { () throws(CatalogueError) in try table() } }

  private static func table() throws(CatalogueError) -> [Anchor] {
    try read(PackageResources.anchors_yaml, file: "anchors.yaml")
  }

  /// Reads the content of a file of measurements.
  static func read(_ bytes: [UInt8], file: String) throws(CatalogueError) -> [Anchor] {
    try Catalogue.list(bytes, file, "list of anchors", AnchorsKey.anchors) {
      node throws(FileFault) in try Anchor(node)
    }
  }

  private init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<AnchorKey>(node, "an anchor")
    let counts = 1...1_048_576
    id = try section.required(.id, section.word(.id))
    what = try section.required(.what, section.line(.what))
    value = try section.required(.value, section.number(.value, in: 1e-12...1e18))
    unit = try section.required(.unit, section.line(.unit))
    model = try section.named(.model, Model.names) { $0 }
    chip = try section.named(.chip, Chip.names) { $0 }
    chips = try section.whole(.chips, in: counts)
    batch = try section.whole(.batch, in: counts)
    promptTokens = try section.whole(.prompt, in: counts)
    outputTokens = try section.whole(.output, in: counts)
    conditions = try section.required(.conditions, section.line(.conditions))
    source = try section.required(.source, section.word(.source))
  }
}

extension Work {
  /// Every work that figures of the catalogue refer to.
  public static var all: [Work] { Catalogue.sound { () throws(CatalogueError) in try table() } }

  private static func table() throws(CatalogueError) -> [Work] {
    try read(PackageResources.bibliography_yaml, file: "bibliography.yaml")
  }

  /// Reads the content of a bibliography.
  static func read(_ bytes: [UInt8], file: String) throws(CatalogueError) -> [Work] {
    try Catalogue.list(bytes, file, "bibliography", WorksKey.works) {
      node throws(FileFault) in try Work(node)
    }
  }

  private init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<WorkKey>(node, "a work")
    key = try section.required(.key, section.word(.key))
    title = try section.required(.title, section.line(.title))
    address = try section.required(.address, section.line(.address))
    date = try section.required(.date, section.line(.date))
  }
}
