/// Where a trace comes from, as its file's header says. Empty strings where unknown.
public struct TraceProvenance: Sendable, Equatable {
  /// Who published it, or how it was made: a link, a name, a command.
  public var source: String
  /// The format it was imported from, such as `azure`.
  public var format: String
  public var licence: String
  /// The date and time of the first arrival as the source spells it.
  public var epoch: String
  /// The zone that `epoch` is in, such as `UTC`.
  public var timeZone: String
  public var note: String

  public init(
    source: String = "",
    format: String = "",
    licence: String = "",
    epoch: String = "",
    timeZone: String = "",
    note: String = ""
  ) {
    self.source = source
    self.format = format
    self.licence = licence
    self.epoch = epoch
    self.timeZone = timeZone
    self.note = note
  }
}

extension TraceProvenance {
  var json: JSONValue {
    .object([
      ("source", .string(source)),
      ("format", .string(format)),
      ("licence", .string(licence)),
      ("epoch", .string(epoch)),
      ("time_zone", .string(timeZone)),
      ("note", .string(note)),
    ])
  }

  /// Takes what is there; what is missing is unknown.
  init(json: JSONValue) {
    self.init(
      source: json["source"]?.text ?? "",
      format: json["format"]?.text ?? "",
      licence: json["licence"]?.text ?? "",
      epoch: json["epoch"]?.text ?? "",
      timeZone: json["time_zone"]?.text ?? "",
      note: json["note"]?.text ?? ""
    )
  }
}
