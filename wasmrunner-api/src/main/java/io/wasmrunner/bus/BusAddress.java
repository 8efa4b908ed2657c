package io.wasmrunner.bus;

/** Every address of the event bus: {@code wasmrunner.v1.<domain>.<verb-or-event>}. */
public final class BusAddress {
  /** Request {@link ServicesQuery}, answer {@link ServicesSnapshot}. Served by the runtime. */
  public static final String SERVICES_LIST = "wasmrunner.v1.services.list";

  /** Event {@link ServicesSnapshot}: something about services changed. From the runtime. */
  public static final String SERVICES_CHANGED = "wasmrunner.v1.services.changed";

  /** Request {@link ServiceCommand}, answer {@link ServiceReply}. Served by the runtime. */
  public static final String SERVICES_CONTROL = "wasmrunner.v1.services.control";

  /** Request {@link ReloadCommand}, answer {@link PlanSnapshot}. Served by the runtime. */
  public static final String SERVICES_RELOAD = "wasmrunner.v1.services.reload";

  /** Request {@link PlanQuery}, answer {@link PlanSnapshot}. Served by the runtime. */
  public static final String SERVICES_PLAN = "wasmrunner.v1.services.plan";

  /** Request {@link RoutesQuery}, answer {@link RoutesSnapshot}. Served by the runtime. */
  public static final String ROUTES_LIST = "wasmrunner.v1.routes.list";

  /** Event {@link RoutesSnapshot}: the whole new table. From the runtime. */
  public static final String ROUTES_CHANGED = "wasmrunner.v1.routes.changed";

  /** Request {@link LogsQuery}, answer {@link LogsPage}. Served by the runtime. */
  public static final String LOGS_READ = "wasmrunner.v1.logs.read";

  /** Request {@link LogFilesQuery}, answer {@link LogFiles}. Served by the runtime. */
  public static final String LOG_FILES = "wasmrunner.v1.logs.files";

  /** Request {@link OpenApiQuery}, answer {@link OpenApiDocument}. Served by the runtime. */
  public static final String OPENAPI_READ = "wasmrunner.v1.openapi.read";

  /** Event {@link UpstreamSuspected}: a runner did not take a connection. From the proxy. */
  public static final String UPSTREAM_SUSPECTED = "wasmrunner.v1.upstream.suspected";

  /**
   * Request {@link UpstreamActivityQuery}, answer {@link UpstreamActivity}. Served by the proxy.
   */
  public static final String UPSTREAM_ACTIVITY = "wasmrunner.v1.upstream.activity";

  /** Request {@link StatsQuery}, answer {@link StatsSnapshot}. Served by the proxy. */
  public static final String STATS_READ = "wasmrunner.v1.stats.read";

  /** Request {@link ContractQuery}, answer {@link ContractFindings}. Served by the proxy. */
  public static final String CONTRACT_READ = "wasmrunner.v1.contract.read";

  /** Request {@link RefusalsQuery}, answer {@link RefusalsPage}. Served by the proxy. */
  public static final String REFUSALS_READ = "wasmrunner.v1.refusals.read";

  /** Request {@link ExplainQuery}, answer {@link ExplainReply}. Served by the proxy. */
  public static final String ROUTES_EXPLAIN = "wasmrunner.v1.routes.explain";

  /** Request {@link SchedulesQuery}, answer {@link SchedulesSnapshot}. Served by the scheduler. */
  public static final String SCHEDULES_LIST = "wasmrunner.v1.schedules.list";

  /** Request {@link ScheduleCommand}, answer {@link ScheduleReply}. Served by the scheduler. */
  public static final String SCHEDULES_CONTROL = "wasmrunner.v1.schedules.control";

  /** Event {@link SchedulesSnapshot}: services came, left or changed theirs. From the scheduler. */
  public static final String SCHEDULES_REPLACED = "wasmrunner.v1.schedules.replaced";

  /** Event {@link ScheduleReply}: a schedule changed or ran. From the scheduler. */
  public static final String SCHEDULES_CHANGED = "wasmrunner.v1.schedules.changed";

  /** Request {@link QueuesQuery}, answer {@link QueuesSnapshot}. Served by the scheduler. */
  public static final String QUEUES_LIST = "wasmrunner.v1.queues.list";

  /** Request {@link PublishCommand}, answer {@link PublishReply}. Served by the scheduler. */
  public static final String QUEUES_PUBLISH = "wasmrunner.v1.queues.publish";

  /** Event {@link QueuesSnapshot}: the queues that changed. From the scheduler. */
  public static final String QUEUES_CHANGED = "wasmrunner.v1.queues.changed";

  /** Request {@link DeliveriesQuery}, answer {@link DeliveriesPage}. Served by the scheduler. */
  public static final String DELIVERIES_LIST = "wasmrunner.v1.deliveries.list";

  /** Event {@link EventOccurred}. From everywhere. */
  public static final String EVENT_OCCURRED = "wasmrunner.v1.events.occurred";

  /** Request {@link EventsQuery}, answer {@link EventsPage}. Served by the scheduler. */
  public static final String EVENTS_LIST = "wasmrunner.v1.events.list";

  private BusAddress() {}
}
