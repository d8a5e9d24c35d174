/// How to make a synthetic trace: when sessions start, and what they are.
///
/// Every number of a distribution stands here, none in the generator.
public struct Recipe: Sendable, Equatable {
  public var name: String
  public var summary: String
  public var arrivals: ArrivalPlan
  /// Kinds of sessions, with the share of sessions that each has.
  public var parts: [Part]

  public struct Part: Sendable, Equatable {
    public var share: Double
    public var sessions: SessionPlan
  }

  /// Tokens per prefix block; 0 where no part has prefixes.
  public var blockTokens: Int { parts.map(\.sessions.blockTokens).max() ?? 0 }

  /// The recipe of the same rows without prefixes.
  public var withoutPrefixes: Recipe {
    var recipe = self
    for index in recipe.parts.indices { recipe.parts[index].sessions.blockTokens = 0 }
    return recipe
  }
}

/// When sessions start: a process with a mean rate, times a shape of the week.
public struct ArrivalPlan: Sendable, Equatable {
  public enum Process: Sendable, Equatable {
    case poisson
    /// Independent gaps of the given shape; below 1 burstier than Poisson.
    case gamma(shape: Double)
    case weibull(shape: Double)
    /// A Poisson process whose rate jumps from state to state, each as likely to be next.
    case modulated([State])
    /// Independent Gamma processes of clients whose rates are in proportion to draws.
    case clients(count: Int, rates: RandomVariable, variation: RandomVariable)
  }

  public struct State: Sendable, Equatable {
    /// In proportion to the other states' rates.
    public var rate: Double
    /// Mean time in the state; times are exponential.
    public var meanSeconds: Double
  }

  /// Mean session starts per second, over a whole week where there is a shape.
  public var sessionsPerSecond: Double
  public var process: Process
  public var week: WeekShape?
}

/// How the rate goes over a week, in proportion, hour by hour.
public struct WeekShape: Sendable, Equatable {
  /// 168 rates from Monday midnight on, of mean 1.
  public var rates: [Double]
  /// The hour of the week in which the trace starts.
  public var startHour: Int
}

/// What sessions of one kind are.
public struct SessionPlan: Sendable, Equatable {
  public var className: String
  /// Tokens per prefix block; 0 for no prefixes.
  public var blockTokens: Int
  /// What prompts begin with, from the part that most sessions share to the one that fewest do.
  public var prefix: [SharedPrefix]
  /// How sessions start, with shares.
  public var starts: [SessionStart]
  public var growth: Growth
  /// Output tokens of a request.
  public var output: RandomVariable
  /// Share of the output that is reasoning, which does not stay in the context.
  public var reasoning: RandomVariable?
  /// Seconds that a request takes, for recorded arrivals of later turns alone.
  public var service: RandomVariable
  public var gaps: Gaps
  public var context: ContextPlan
  public var subagents: SubagentPlan?

  /// Whether any session can have a second request.
  var hasTurns: Bool { starts.contains { $0.requests.clip.upperBound > 1 } }
}

/// A beginning of prompts that several sessions have in common.
public struct SharedPrefix: Sendable, Equatable {
  public enum Variants: Sendable, Equatable {
    /// Each with a share of sessions and its tokens.
    case listed([(share: Double, tokens: Int)])
    /// A number of them whose popularity falls as rank^−exponent, with tokens drawn for each.
    case ranked(count: Int, exponent: Double, tokens: RandomVariable)

    public static func == (one: Variants, other: Variants) -> Bool {
      switch (one, other) {
      case (.listed(let a), .listed(let b)): a.elementsEqual(b, by: ==)
      case (.ranked(let a, let b, let c), .ranked(let d, let e, let f)): (a, b, c) == (d, e, f)
      default: false
      }
    }
  }

  public var variants: Variants
}

/// One way in which sessions start.
public struct SessionStart: Sendable, Equatable {
  public enum Prompt: Sendable, Equatable {
    /// Tokens behind the shared prefix.
    case added(RandomVariable)
    /// Tokens of the whole first prompt.
    case whole(RandomVariable)
  }

  public var share: Double
  public var requests: RandomVariable
  public var prompt: Prompt
  /// Requests that the session had before the trace starts to show it.
  public var earlierSteps: Int
  /// Share of the later requests that a person starts; the others follow a tool's result.
  public var humanShare: RandomVariable
}

/// How prompts grow from request to request.
public struct Growth: Sendable, Equatable {
  public struct Band: Sendable, Equatable {
    /// The last step of the band, counted from 1; nil for the band without an end.
    public var lastStep: Int?
    public var tokens: RandomVariable
  }

  public var bands: [Band]
  /// Whether the output comes on top, rather than being part of what is drawn.
  public var addsOutput: Bool
  /// A factor that each session has of its own, and the first step on which it counts.
  public var sessionFactor: RandomVariable?
  public var factorFromStep: Int
}

/// What goes by between the end of a request and the next of its session.
public struct Gaps: Sendable, Equatable {
  public struct Tool: Sendable, Equatable {
    public var name: String
    public var share: Double
    public var seconds: RandomVariable
  }

  public var humanSeconds: RandomVariable?
  public var tools: [Tool]
}

/// What happens to a context that grows.
public struct ContextPlan: Sendable, Equatable {
  public struct Window: Sendable, Equatable {
    public var share: Double
    /// A session that starts with more has the next larger window.
    public var startsBelow: Int
    /// No prompt is longer.
    public var mostTokens: Int
    /// Probabilities of compaction per step, by the tokens of the prompt before, ascending.
    public var compaction: [Hazard]
  }

  public struct Hazard: Sendable, Equatable {
    public var fromTokens: Int
    public var perStep: Double
  }

  /// Ascending.
  public var windows: [Window]
  /// Tokens of the prompt behind a compaction.
  public var compacted: RandomVariable?
  /// The most of the prompt before that a compaction leaves, as a share.
  public var compactedShare: Double
  /// Share of compactions that end the session instead.
  public var endsInstead: Double
  /// Probability per step that all behind the shared prefix is written anew.
  public var rewritesPerStep: Double
}

/// Agents that a request's tool starts, which work side by side and are waited for.
public struct SubagentPlan: Sendable, Equatable {
  /// Share of sessions that use them, and the probability per tool step of those.
  public var sessions: Double
  public var perStep: Double
  public var tool: String
  public var together: RandomVariable
  public var requests: RandomVariable
  public var prefix: [SharedPrefix]
  /// Tokens of the first prompt behind the shared prefix.
  public var prompt: RandomVariable
  public var growth: RandomVariable
  public var output: RandomVariable
  /// Seconds between the request that starts agents and their first, and behind their last.
  public var startSeconds: RandomVariable
  public var joinSeconds: RandomVariable
}
