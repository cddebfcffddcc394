/// The files of the page, which are part of the program.
enum PageFiles {
  /// What a browser takes a file for.
  enum Kind: String, Sendable {
    case page = "text/html; charset=utf-8"
    case script = "text/javascript; charset=utf-8"
    case style = "text/css; charset=utf-8"
    case drawing = "image/svg+xml"
  }

  struct File: Sendable {
    let kind: Kind
    let bytes: [UInt8]

    init(_ kind: Kind, _ bytes: [UInt8]) {
      self.kind = kind
      self.bytes = bytes
    }
  }

  /// The file that `/` is.
  static let first = "index.html"

  /// What the page may do: run, show and ask for what comes from this server, and nothing else.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  /// By name, as below `/page/`.
  static let named: [String: File] = [
    "alerts.js": File(.script, PackageResources.alerts_js),
    "api.js": File(.script, PackageResources.api_js),
    "audit.js": File(.script, PackageResources.audit_js),
    "audits.js": File(.script, PackageResources.audits_js),
    "charts.js": File(.script, PackageResources.charts_js),
    "decide.js": File(.script, PackageResources.decide_js),
    "decisions.js": File(.script, PackageResources.decisions_js),
    "dialog.js": File(.script, PackageResources.dialog_js),
    "dom.js": File(.script, PackageResources.dom_js),
    "event-reader.js": File(.script, PackageResources.event_reader_js),
    "events.js": File(.script, PackageResources.events_js),
    "faces.js": File(.script, PackageResources.faces_js),
    "field.js": File(.script, PackageResources.field_js),
    "findings.js": File(.script, PackageResources.findings_js),
    "icon.svg": File(.drawing, PackageResources.icon_svg),
    "identities.js": File(.script, PackageResources.identities_js),
    "identity.js": File(.script, PackageResources.identity_js),
    "image.js": File(.script, PackageResources.image_js),
    "images.js": File(.script, PackageResources.images_js),
    "index.html": File(.page, PackageResources.index_html),
    "job-line.js": File(.script, PackageResources.job_line_js),
    "job-start.js": File(.script, PackageResources.job_start_js),
    "job.js": File(.script, PackageResources.job_js),
    "jobs.js": File(.script, PackageResources.jobs_js),
    "keys.js": File(.script, PackageResources.keys_js),
    "ledger.js": File(.script, PackageResources.ledger_js),
    "live.js": File(.script, PackageResources.live_js),
    "main.js": File(.script, PackageResources.main_js),
    "map-actions.js": File(.script, PackageResources.map_actions_js),
    "map-canvas.js": File(.script, PackageResources.map_canvas_js),
    "map-card.js": File(.script, PackageResources.map_card_js),
    "map-columns.js": File(.script, PackageResources.map_columns_js),
    "map-desk.js": File(.script, PackageResources.map_desk_js),
    "map-filter.js": File(.script, PackageResources.map_filter_js),
    "map-frame.js": File(.script, PackageResources.map_frame_js),
    "map-gl.js": File(.script, PackageResources.map_gl_js),
    "map-grid.js": File(.script, PackageResources.map_grid_js),
    "map-hand.js": File(.script, PackageResources.map_hand_js),
    "map-legend.js": File(.script, PackageResources.map_legend_js),
    "map-list.js": File(.script, PackageResources.map_list_js),
    "map-look.js": File(.script, PackageResources.map_look_js),
    "map-saved.js": File(.script, PackageResources.map_saved_js),
    "map-selection.js": File(.script, PackageResources.map_selection_js),
    "map-stage.js": File(.script, PackageResources.map_stage_js),
    "map-view.js": File(.script, PackageResources.map_view_js),
    "map.css": File(.style, PackageResources.map_css),
    "marks.js": File(.script, PackageResources.marks_js),
    "overview.js": File(.script, PackageResources.overview_js),
    "parts.css": File(.style, PackageResources.parts_css),
    "pictures.js": File(.script, PackageResources.pictures_js),
    "problem.js": File(.script, PackageResources.problem_js),
    "quota.js": File(.script, PackageResources.quota_js),
    "reports.js": File(.script, PackageResources.reports_js),
    "review-pair.js": File(.script, PackageResources.review_pair_js),
    "review-queue.js": File(.script, PackageResources.review_queue_js),
    "review.js": File(.script, PackageResources.review_js),
    "route.js": File(.script, PackageResources.route_js),
    "router.js": File(.script, PackageResources.router_js),
    "schedule-form.js": File(.script, PackageResources.schedule_form_js),
    "schedule.js": File(.script, PackageResources.schedule_js),
    "schedules.js": File(.script, PackageResources.schedules_js),
    "search.js": File(.script, PackageResources.search_js),
    "service.css": File(.style, PackageResources.service_css),
    "session.js": File(.script, PackageResources.session_js),
    "settings.js": File(.script, PackageResources.settings_js),
    "shell.js": File(.script, PackageResources.shell_js),
    "sign-in.js": File(.script, PackageResources.sign_in_js),
    "start.js": File(.script, PackageResources.start_js),
    "table.js": File(.script, PackageResources.table_js),
    "theme.js": File(.script, PackageResources.theme_js),
    "tile.js": File(.script, PackageResources.tile_js),
    "verb-arguments.js": File(.script, PackageResources.verb_arguments_js),
    "verb-form.js": File(.script, PackageResources.verb_form_js),
    "views.css": File(.style, PackageResources.views_css),
    "watches.js": File(.script, PackageResources.watches_js),
    "words.js": File(.script, PackageResources.words_js),
  ]
}
