import KVCache
import Workload

/// Blocks that a completed request keeps in use for the turns that follow it. (Top level: see `Link`.)
struct HeldTurn {
  /// The request, and its position in the trace.
  var record: Int64
  var position: Int32
  var instance: Int32
  var point: PrefixPoint
  var use: CacheUse
  /// Units of the blocks up to there.
  var units: Int64
  var since: SimTime
  /// Since when its units have not been counted.
  var countedSince: SimTime
  var until: SimTime
  /// How many of the turns that follow have not been routed elsewhere, started or left.
  var waiting: Int32
  var isOver = false
}

/// One of the retentions that a turn waits for.
struct HeldLink {
  var held: Int32
  var next: Int32
}

/// The retentions that somebody waits for, and who.
struct Retentions: ~Copyable {
  private var held = Slots<HeldTurn>()
  private var free = Slots<Int32>()
  /// Retentions that a turn waits for, by its position in the trace: the first of a chain of links.
  /// Looked up, never walked.
  private var firstLink: [Int32: Int32] = [:]
  private var links = Slots<HeldLink>()
  private var freeLinks = Slots<Int32>()

  subscript(id: Int32) -> HeldTurn {
    get { held[Int(id)] }
    set { held[Int(id)] = newValue }
  }

  /// Whether turns wait for some retention.
  var isEmpty: Bool { firstLink.isEmpty }

  mutating func insert(_ turn: HeldTurn, awaitedBy children: ContiguousArray<Int32>) -> Int32 {
    let id: Int32
    if free.count > 0 {
      id = free.removeLast()
      held[Int(id)] = turn
    } else {
      id = Int32(held.count)
      held.append(turn)
    }
    for child in children {
      let link = HeldLink(held: id, next: firstLink[child] ?? -1)
      if freeLinks.count > 0 {
        let index = freeLinks.removeLast()
        links[Int(index)] = link
        firstLink[child] = index
      } else {
        firstLink[child] = Int32(links.count)
        links.append(link)
      }
    }
    return id
  }

  /// Takes a turn off the retentions that it waits for, but for those of one instance.
  ///
  /// - Returns: Those that nobody waits for any more and that are not over, in order of age.
  mutating func drop(
    awaitedBy child: Int32,
    except instance: Int
  ) -> ContiguousArray<Int32> {
    guard var link = firstLink.removeValue(forKey: child) else { return [] }
    var ended: ContiguousArray<Int32> = []
    var kept: Int32 = -1
    while link >= 0 {
      let (id, next) = (links[Int(link)].held, links[Int(link)].next)
      if Int(held[Int(id)].instance) == instance, !held[Int(id)].isOver {
        links[Int(link)].next = kept
        kept = link
      } else {
        freeLinks.append(link)
        held[Int(id)].waiting -= 1
        if held[Int(id)].waiting == 0 {
          if held[Int(id)].isOver { free.append(id) } else { ended.append(id) }
        }
      }
      link = next
    }
    if kept >= 0 { firstLink[child] = kept }
    ended.sort { precedes($0, $1) }
    return ended
  }

  /// Whether a retention is older than another.
  func precedes(_ a: Int32, _ b: Int32) -> Bool {
    (held[Int(a)].since, held[Int(a)].record) < (held[Int(b)].since, held[Int(b)].record)
  }

  /// Whether a retention is still that of a request, and not over.
  func stands(_ id: Int32, of record: Int64) -> Bool {
    held[Int(id)].record == record && !held[Int(id)].isOver
  }

  /// A retention has given its memory back.
  mutating func end(_ id: Int32) {
    held[Int(id)].isOver = true
    if held[Int(id)].waiting == 0 { free.append(id) }
  }
}
