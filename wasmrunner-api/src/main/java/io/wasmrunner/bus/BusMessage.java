package io.wasmrunner.bus;

/** What travels on the event bus: immutable, passed by reference within a process. */
public sealed interface BusMessage
    permits DeliveriesPage,
        DeliveriesQuery,
        EventOccurred,
        LogsPage,
        LogsQuery,
        OpenApiDocument,
        OpenApiQuery,
        PublishCommand,
        PublishReply,
        QueuesQuery,
        QueuesSnapshot,
        RequestFailed,
        RoutesQuery,
        RoutesSnapshot,
        ScheduleCommand,
        ScheduleReply,
        SchedulesQuery,
        SchedulesSnapshot,
        ServicesQuery,
        ServicesSnapshot,
        StatsQuery,
        StatsSnapshot,
        UpstreamActivity,
        UpstreamActivityQuery,
        UpstreamSuspected {}
