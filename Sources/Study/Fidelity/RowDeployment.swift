public import Hardware

/// The fleet that a row was measured on, as far as its labels tell, with constants of a profile.
public struct RowDeployment: Sendable {
  public var stack: Stack
  public var fleet: Fleet
  /// Clients of the closed loop, at least 1.
  public var concurrency: Int
  /// What its recipe says, and what the row's labels do not allow and was done instead; empty for
  /// nothing.
  public var notes: [String]
  let frontEnd: FrontEnd

  /// Served by the likeliest recipe.
  ///
  /// - Throws: `UnpredictableRow` for names that the catalogue does not have.
  public init(
    _ row: MeasuredRow,
    in catalogue: RowCatalogue,
    profile: Profile
  ) throws(UnpredictableRow) {
    try self.init(RowSetup.candidates(row, in: catalogue)[0], profile: profile)
  }

  init(_ setup: RowSetup, profile: Profile) throws(UnpredictableRow) {
    var constants = profile.constants(for: setup.stack)
    if let floor = constants[.layerFloor] {
      constants[.layerFloor] = floor * profile.layerFactor(of: setup.row.version)
    }
    try self.init(setup, constants: constants, source: "profile \(profile.name)")
  }

  init(
    _ setup: RowSetup,
    constants: FittedConstants,
    source: String
  ) throws(UnpredictableRow) {
    stack = setup.stack
    concurrency = setup.concurrency
    notes = setup.recipe.map { ["recipe: \($0.text)"] } ?? []
    frontEnd = setup.frontEnd
    let chip = constants.tuned(setup.chip, source: source)
    var pools: [Pool] = []
    for (role, layout, count) in setup.pools {
      let deployment = setup.formats.deployment(of: setup, on: layout, as: role, chip: chip)
      var (kind, note) = try Self.kind(deployment, holding: setup.row)
      if role != .prefill, let limit = setup.maxBatch(of: layout) {
        kind.maxBatch = min(kind.maxBatch, limit)
      }
      if let note { notes.append("\(role.rawValue): \(note)") }
      pools.append(Pool(name: role.rawValue, role: role, kind: kind, count: count))
    }
    fleet = Fleet(
      name: setup.row.id,
      summary: "",
      pools: pools,
      // The front ends of disaggregated rows hand tokens on from decode workers, so that a wait for one
      // of these shows in the first token.
      firstToken: .decode
    )
    if let speculation = setup.speculation {
      fleet = fleet.speculating(
        acceptedTokensPerStep: speculation.accepted,
        draftedTokens: speculation.drafted
      )
    }
  }

  /// The kind of a deployment; where the weights and one whole request do not fit by the rule for
  /// usable memory, with just so much more of it, since it was measured.
  private static func kind(
    _ deployment: Deployment,
    holding row: MeasuredRow
  ) throws(UnpredictableRow) -> (InstanceKind, note: String?) {
    var kind: InstanceKind
    var note: String?
    do throws(FleetError) {
      kind = try InstanceKind(deployment)
    } catch .modelDoesNotFit(_, _, _, let needed, let available, _) {
      var roomy = deployment
      let share = Double(needed) / Double(available)
      // Usable bytes are rounded down.
      roomy.usableMemory *= share * (1 + 1e-9)
      note = "usable memory × \(hundredths(share)) for the weights"
      do throws(FleetError) { kind = try InstanceKind(roomy) } catch { throw .fleet(error) }
    } catch {
      throw .fleet(error)
    }
    let needed = kind.kv.units(tokens: row.promptTokens + row.outputTokens)
    if kind.kvCapacityUnits < needed {
      kind.kvCapacityUnits = needed
      note = (note.map { $0 + ", " } ?? "") + "KV memory raised to one request"
    }
    // What does not fit in the mean waits, as engines are set up for; admitted, it would only be
    // preempted over and over.
    let meanUnits = kind.kv.units(tokens: row.promptTokens + row.outputTokens / 2)
    kind.maxBatch = max(1, min(kind.maxBatch, Int(kind.kvCapacityUnits / meanUnits)))
    return (kind, note)
  }

  private static func hundredths(_ value: Double) -> String {
    let whole = Int((value * 100).rounded(.up))
    let rest = whole % 100
    return "\(whole / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
