/// A value of a file and where it starts.
public struct FileNode: Sendable {
  public enum Content: Sendable {
    /// Quoted text is never a number.
    case scalar(String, isQuoted: Bool)
    case list([FileNode])
    case mapping([Entry])
  }

  /// A key with its value; keys of one mapping differ.
  public struct Entry: Sendable {
    public var key: String
    public var place: FilePlace
    public var value: FileNode
  }

  public var content: Content
  public var place: FilePlace

  /// What errors say was found.
  public var found: String {
    switch content {
    case .scalar("", isQuoted: false): "empty"
    case .scalar(let text, isQuoted: false): Self.quoted(text)
    case .scalar(let text, isQuoted: true): "the text \(Self.quoted(text))"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  /// Text as an error shows it: in quotes, on one line, at most 40 characters.
  public static func quoted(_ text: String) -> String {
    var shown = "'"
    for scalar in text.unicodeScalars.prefix(40) {
      if scalar.properties.generalCategory == .control {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown + (text.unicodeScalars.count > 40 ? "…'" : "'")
  }
}
