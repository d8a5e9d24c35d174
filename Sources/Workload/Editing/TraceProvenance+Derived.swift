extension TraceProvenance {
  /// Takes from another provenance what this one does not know.
  func filled(from other: TraceProvenance) -> TraceProvenance {
    func first(_ own: String, _ other: String) -> String { own.isEmpty ? other : own }
    return TraceProvenance(
      source: first(source, other.source),
      format: first(format, other.format),
      licence: first(licence, other.licence),
      epoch: first(epoch, other.epoch),
      timeZone: first(timeZone, other.timeZone),
      note: first(note, other.note)
    )
  }

  /// The same, with what became of failed requests in its note.
  func noting(_ failures: FailureCount?) -> TraceProvenance {
    guard let text = failures?.note else { return self }
    var noted = self
    noted.note += (note.isEmpty ? "" : "; ") + text
    return noted
  }

  /// What several traces that became one say, each text once, and what became of them.
  ///
  /// The epoch is left out: the first arrival is no longer that of each of them.
  init(of parts: [TraceProvenance], note: String) {
    func joined(_ text: KeyPath<TraceProvenance, String>, _ last: String = "") -> String {
      var known: [String] = []
      for text in parts.map({ $0[keyPath: text] }) + [last]
      where !text.isEmpty && !known.contains(text) {
        known.append(text)
      }
      return known.joined(separator: "; ")
    }
    self.init(
      source: joined(\.source),
      format: joined(\.format),
      licence: joined(\.licence),
      timeZone: joined(\.timeZone),
      note: joined(\.note, note)
    )
  }
}
