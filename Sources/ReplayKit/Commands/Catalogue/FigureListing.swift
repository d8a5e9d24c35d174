import Hardware
import Reporting
import Workload

/// One entry of the catalogue: every figure with its unit, confidence and source.
struct FigureListing {
  let name: String
  let summary: String
  /// What is not a figure, as words.
  let properties: [(name: String, value: String)]
  let figures: [Figure]

  var text: String {
    var table = TextTable(leftColumns: 4)
    table.append(["figure", "value", "confidence", "source"])
    for (name, value) in properties { table.append([name, value]) }
    for figure in figures {
      let sourced = figure.figure
      let note = sourced.note.isEmpty ? "" : "; \(sourced.note)"
      table.append([figure.name, figure.text, sourced.confidence.rawValue, sourced.source + note])
    }
    var text = "\(name): \(summary)\n\n" + table.text
    if !works.isEmpty {
      var table = TextTable(leftColumns: 4)
      for work in works { table.append(["  \(work.key)", work.title, work.address, work.date]) }
      text += "\npublished in:\n" + table.text
    }
    if !anchors.isEmpty {
      var table = TextTable(leftColumns: 3)
      for anchor in anchors { table.append(["  \(anchor.id)", anchor.what, anchor.conditions]) }
      text += "\nmeasured:\n" + table.text
    }
    return text
  }

  var json: JSONValue {
    .object([
      ("name", .string(name)),
      ("summary", .string(summary)),
      ("properties", .object(properties.map { ($0.name, .string($0.value)) })),
      ("figures", .array(figures.map(Self.json))),
      ("published", .array(works.map(\.json))),
      ("measured", .array(anchors.map(\.json))),
    ])
  }

  private static func json(_ figure: Figure) -> JSONValue {
    .object([
      ("name", .string(figure.name)),
      ("value", .number(figure.figure.value)),
      ("unit", .string(figure.unit.rawValue)),
      ("confidence", .string(figure.figure.confidence.rawValue)),
      ("source", .string(figure.figure.source)),
      ("note", .string(figure.figure.note)),
    ])
  }

  private func sources(_ confidence: Confidence) -> Set<String> {
    Set(figures.map(\.figure).filter { $0.confidence == confidence }.map(\.source))
  }

  /// In the order of the bibliography.
  private var works: [Work] {
    let keys = sources(.published)
    return Work.all.filter { keys.contains($0.key) }
  }

  /// In the order of their table.
  private var anchors: [Anchor] {
    let ids = sources(.measured)
    return ids.isEmpty ? [] : Anchor.all.filter { ids.contains($0.id) }
  }
}

extension Work {
  fileprivate var json: JSONValue {
    .object([
      ("key", .string(key)), ("title", .string(title)), ("address", .string(address)),
      ("date", .string(date)),
    ])
  }
}

extension Anchor {
  fileprivate var json: JSONValue {
    .object([
      ("id", .string(id)), ("what", .string(what)), ("value", .number(value)),
      ("unit", .string(unit)), ("conditions", .string(conditions)), ("source", .string(source)),
    ])
  }
}

/// A listing of one kind: a table of all entries, or everything about one.
struct CatalogueOutput {
  let name: String?
  let json: Bool

  func write<Entry>(
    all: () -> [Entry],
    named: (String) throws -> Entry,
    headings: [String],
    row: (Entry) -> [String],
    listing: (Entry) -> FigureListing
  ) throws {
    guard let name else {
      let entries = all()
      if json {
        let objects = entries.map { listing($0).json }
        return try StandardOutput.write(JSONValue.array(objects).document)
      }
      var table = TextTable(leftColumns: 1)
      table.append(headings)
      for entry in entries { table.append(row(entry)) }
      return try StandardOutput.write(table.text)
    }
    let entry = listing(try named(name))
    try StandardOutput.write(json ? entry.json.document : entry.text)
  }
}

extension Optional<Sourced> {
  /// The value for a table; a hyphen where there is none.
  func text(_ unit: FigureUnit) -> String { map { unit.text($0.value) } ?? "-" }
}
