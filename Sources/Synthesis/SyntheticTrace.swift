public import Workload

/// A trace that is made as it is read, from a recipe.
///
/// The same recipe, size and seed give the same rows on every machine. Every session draws from
/// streams of its own, so the first thousand sessions of a longer trace are those of a shorter one.
public struct SyntheticTrace: Trace, Equatable {
  /// How long the trace is. Sessions that have started are made to their end.
  public enum Size: Sendable, Equatable {
    /// Requests of main agents, the most that are made: the last session is cut to fit, and sessions that
    /// end early behind the last start leave some out. Those of sub-agents come on top.
    case requests(Int64)
    /// Sessions that start, at least 1.
    case sessions(Int64)
    /// Hours in which sessions start.
    case hours(Double)
  }

  /// What result tables call the trace; the recipe's name at first.
  public var name: String
  /// What is made.
  public var recipe: Recipe
  /// How long the trace is.
  public var size: Size
  /// What all draws follow from; any number.
  public var seed: UInt64

  /// Names a trace, to be made by `makeReader`, which checks the size.
  public init(_ recipe: Recipe, size: Size, seed: UInt64) {
    name = recipe.name
    self.recipe = recipe
    self.size = size
    self.seed = seed
  }

  /// - Throws: `badData` for a size below 1 request or session, or without hours. The reader throws
  ///   it for a trace that is larger than columns can number.
  public func makeReader() throws(TraceError) -> any TraceReader {
    let problem: String? =
      switch size {
      case .requests(let count) where count < 1: "requests is \(count); expected at least 1"
      case .sessions(let count) where count < 1: "sessions is \(count); expected at least 1"
      case .hours(let hours) where !(hours > 0 && hours <= 87_600):
        "hours is \(hours); expected above 0, up to 87,600"
      default: nil
      }
    if let problem { throw TraceError(.badData, file: name, problem: problem) }
    return Reader(SessionGenerator(recipe, size: size, seed: seed), name)
  }

  private final class Reader: TraceReader {
    let names: TraceNames
    private let file: String
    private var generator: SessionGenerator

    init(_ generator: SessionGenerator, _ file: String) {
      names = generator.names
      self.file = file
      self.generator = generator
    }

    func next() throws(TraceError) -> RowGroup? {
      do throws(GenerationFault) {
        return try generator.nextGroup()
      } catch {
        throw TraceError(.badData, file: file, problem: error.problem)
      }
    }
  }
}
