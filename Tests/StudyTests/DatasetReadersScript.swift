/// Reads datasets as notebooks do, and checks them against their own description and summary.
///
/// Called with a folder of datasets named `loop=…`; ends with an assertion where something differs.
let datasetReadersScript = #"""
  import json, math, pathlib, sys
  import duckdb, pandas as pd, polars as pl

  root = pathlib.Path(sys.argv[1])
  PANDAS = {"integer": "Int64", "number": "float64", "string": "string", "boolean": "boolean"}
  POLARS = {"integer": {pl.Int64}, "number": {pl.Float64, pl.Int64}, "string": {pl.String},
            "boolean": {pl.Boolean}}
  DUCKDB = {"integer": {"BIGINT"}, "number": {"DOUBLE", "BIGINT"}, "string": {"VARCHAR"},
            "boolean": {"BOOLEAN"}}
  QUANTILES = [("p50", 50), ("p90", 90), ("p99", 99), ("p99_9", 99.9)]


  def duckdb_csv(path, hive=False):
      """A table in a file, or in all that a pattern matches."""
      return f"read_csv('{path}', header=true, sample_size=-1, hive_partitioning={str(hive).lower()})"


  def is_kind(values, kind):
      """What pandas made of a column by itself; a column with gaps has floats for integers."""
      if kind == "integer":
          return pd.api.types.is_numeric_dtype(values) and (values % 1 == 0).all()
      if kind == "number":
          return pd.api.types.is_numeric_dtype(values)
      return values.map(lambda value: isinstance(value, bool if kind == "boolean" else str)).all()


  def check_types(folder):
      """Reads every table by every reader; returns the tables with the types they state."""
      package = json.loads((folder / "datapackage.json").read_text())
      tables = {}
      for resource in package["resources"]:
          path = str(folder / resource["path"])
          kinds = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
          guessed = pd.read_csv(path)
          typed = pd.read_csv(path, dtype={name: PANDAS[kind] for name, kind in kinds.items()})
          polars = pl.read_csv(path, infer_schema_length=None)
          duck = duckdb.sql(f"SELECT * FROM {duckdb_csv(path)}")
          duck_types = dict(zip(duck.columns, map(str, duck.types)))
          assert list(kinds) == list(guessed.columns) == polars.columns == duck.columns, path
          assert len(typed) == len(polars) == len(duck.fetchall()), path
          for name, kind in kinds.items():
              values = guessed[name].dropna()
              if len(values) == 0:
                  continue
              assert is_kind(values, kind), (path, name, "pandas", values.dtype)
              assert polars.schema[name] in POLARS[kind], (path, name, "polars")
              assert duck_types[name] in DUCKDB[kind], (path, name, duck_types[name])
          tables[resource["name"]] = typed
      return tables


  def nanoseconds(seconds):
      """Times are whole nanoseconds, exact in a double below 104 days."""
      return [round(value * 1e9) for value in seconds.dropna()]


  def check_latency(values, name, metric):
      """Means are exact, quantiles good to three digits."""
      assert len(values) == metric(f"{name}_count"), name
      if not values:
          return
      mean = (sum(values) + len(values) // 2) // len(values)
      assert mean == round(metric(f"{name}_mean") * 1e9), name
      values.sort()
      for suffix, percent in QUANTILES:
          # The rank is that of the nearest value, or its neighbour where it is halfway.
          rank = math.floor(percent / 100 * len(values) + 0.5) - 1
          low, high = values[max(rank - 1, 0)], values[min(rank + 1, len(values) - 1)]
          found = metric(f"{name}_{suffix}") * 1e9
          assert low * 0.999 - 1 <= found <= high * 1.001 + 1, (name, suffix)


  def check_requests(requests, metric):
      """Everything that rows can tell of a class of requests."""
      assert len(requests) == metric("offered")
      for outcome in ["completed", "rejected", "failed", "cancelled", "unfinished"]:
          assert (requests.outcome == outcome).sum() == metric(outcome), outcome
      assert requests.emitted_tokens.sum() == metric("output_tokens")
      assert requests.preemptions.sum() == metric("preemptions")
      for column, name in [("meets_ttft", "ttft"), ("meets_tpot", "tpot"), ("meets_slo", "slo")]:
          met, counted = int(requests[column].sum()), int(requests[column].count())
          assert met == metric(f"{name}_attainment_met"), name
          assert counted == metric(f"{name}_attainment_counted"), name
          if counted:
              assert met / counted == metric(f"{name}_attainment"), name
      completed = requests[requests.outcome == "completed"]
      missed = ~completed.meets_ttft.fillna(True) | ~completed.meets_tpot.fillna(True)
      assert (~missed).sum() == metric("good")
      for name in ["ttft", "tpot", "e2e"]:
          check_latency(nanoseconds(requests[f"{name}_seconds"]), name, metric)
      stages = ["gateway", "prefill_queue", "prefill", "transfer", "decode_queue", "decode", "stall"]
      sums = {stage: nanoseconds(completed[f"{stage}_seconds"]) for stage in stages}
      assert list(map(sum, zip(*sums.values()))) == nanoseconds(completed.e2e_seconds)


  def check_summary(tables):
      requests, summary = tables["requests"], tables["summary"].copy()
      requests = requests[requests.measured]
      for column in ["class", "pool"]:
          summary[column] = summary[column].fillna("")
      values = summary.set_index(["metric", "class", "pool"]).value
      check_requests(requests, lambda name: values[name, "", ""])
      # The runs are made so that there is something to get wrong.
      assert 0 < values["ttft_attainment", "", ""] < 1 and values["unfinished", "", ""] > 0
      assert 0 < values["tpot_attainment", "code", ""] < 1
      for name, rows in requests.groupby("class"):
          check_requests(rows, lambda metric: values[metric, name, ""])
      instances, timeline, sessions = tables["instances"], tables["timeline"], tables["sessions"]
      for column in ["prefill_tokens", "decode_tokens", "sent_bytes", "preemptions"]:
          assert (instances.groupby("pool")[column].sum()
                  == timeline.groupby("pool")[column].sum()).all(), column
      assert math.isclose(instances.energy_joules.sum(), timeline.energy_joules.sum())
      # Summaries count the sessions of closed loops only.
      if ("sessions_completed", "", "") in values.index:
          sessions = sessions[sessions.measured]
          assert (sessions.outcome == "completed").sum() == values["sessions_completed", "", ""]
          check_latency(nanoseconds(sessions.completion_seconds), "session_completion",
                        lambda name: values[name, "", ""])
      return len(requests)


  def check_parquet(folder):
      """What DuckDB makes of the requests in Parquet is what it read."""
      source, target = folder / "requests.csv.zst", root / f"{folder.name}.parquet"
      read = f"SELECT * FROM {duckdb_csv(source)}"
      duckdb.sql(f"COPY ({read}) TO '{target}' (FORMAT parquet)")
      pd.testing.assert_frame_equal(duckdb.sql(read).df(), duckdb.sql(f"FROM '{target}'").df())
      assert pl.read_parquet(target).height == len(duckdb.sql(read).fetchall())


  folders = sorted(root.glob("loop=*/"))
  rows = 0
  for folder in folders:
      tables = check_types(folder)
      assert check_summary(tables) > 100, folder
      check_parquet(folder)
      rows += len(tables["requests"])
  loops = duckdb.sql(f"SELECT loop FROM {duckdb_csv(root / '*/requests.csv.zst', True)}").fetchall()
  assert len(loops) == rows and len(set(loops)) == len(folders)
  print(f"checked {rows} requests in {len(folders)} datasets")
  """#
