#include "CPageFiles.h"

// Each file under its own name, with "-" and "." as "_".

static const unsigned char openapi_json[] = {
#embed "../../Service/API/openapi.json"
};
static const unsigned char alerts_js[] = {
#embed "../../Service/Page/alerts.js"
};
static const unsigned char api_js[] = {
#embed "../../Service/Page/api.js"
};
static const unsigned char audit_js[] = {
#embed "../../Service/Page/audit.js"
};
static const unsigned char audits_js[] = {
#embed "../../Service/Page/audits.js"
};
static const unsigned char charts_js[] = {
#embed "../../Service/Page/charts.js"
};
static const unsigned char decide_js[] = {
#embed "../../Service/Page/decide.js"
};
static const unsigned char decisions_js[] = {
#embed "../../Service/Page/decisions.js"
};
static const unsigned char dialog_js[] = {
#embed "../../Service/Page/dialog.js"
};
static const unsigned char dom_js[] = {
#embed "../../Service/Page/dom.js"
};
static const unsigned char event_reader_js[] = {
#embed "../../Service/Page/event-reader.js"
};
static const unsigned char events_js[] = {
#embed "../../Service/Page/events.js"
};
static const unsigned char faces_js[] = {
#embed "../../Service/Page/faces.js"
};
static const unsigned char field_js[] = {
#embed "../../Service/Page/field.js"
};
static const unsigned char findings_js[] = {
#embed "../../Service/Page/findings.js"
};
static const unsigned char icon_svg[] = {
#embed "../../Service/Page/icon.svg"
};
static const unsigned char identities_js[] = {
#embed "../../Service/Page/identities.js"
};
static const unsigned char identity_js[] = {
#embed "../../Service/Page/identity.js"
};
static const unsigned char image_js[] = {
#embed "../../Service/Page/image.js"
};
static const unsigned char images_js[] = {
#embed "../../Service/Page/images.js"
};
static const unsigned char index_html[] = {
#embed "../../Service/Page/index.html"
};
static const unsigned char job_line_js[] = {
#embed "../../Service/Page/job-line.js"
};
static const unsigned char job_start_js[] = {
#embed "../../Service/Page/job-start.js"
};
static const unsigned char job_js[] = {
#embed "../../Service/Page/job.js"
};
static const unsigned char jobs_js[] = {
#embed "../../Service/Page/jobs.js"
};
static const unsigned char keys_js[] = {
#embed "../../Service/Page/keys.js"
};
static const unsigned char ledger_js[] = {
#embed "../../Service/Page/ledger.js"
};
static const unsigned char live_js[] = {
#embed "../../Service/Page/live.js"
};
static const unsigned char main_js[] = {
#embed "../../Service/Page/main.js"
};
static const unsigned char map_actions_js[] = {
#embed "../../Service/Page/map-actions.js"
};
static const unsigned char map_canvas_js[] = {
#embed "../../Service/Page/map-canvas.js"
};
static const unsigned char map_card_js[] = {
#embed "../../Service/Page/map-card.js"
};
static const unsigned char map_columns_js[] = {
#embed "../../Service/Page/map-columns.js"
};
static const unsigned char map_desk_js[] = {
#embed "../../Service/Page/map-desk.js"
};
static const unsigned char map_filter_js[] = {
#embed "../../Service/Page/map-filter.js"
};
static const unsigned char map_frame_js[] = {
#embed "../../Service/Page/map-frame.js"
};
static const unsigned char map_gl_js[] = {
#embed "../../Service/Page/map-gl.js"
};
static const unsigned char map_grid_js[] = {
#embed "../../Service/Page/map-grid.js"
};
static const unsigned char map_hand_js[] = {
#embed "../../Service/Page/map-hand.js"
};
static const unsigned char map_legend_js[] = {
#embed "../../Service/Page/map-legend.js"
};
static const unsigned char map_list_js[] = {
#embed "../../Service/Page/map-list.js"
};
static const unsigned char map_look_js[] = {
#embed "../../Service/Page/map-look.js"
};
static const unsigned char map_saved_js[] = {
#embed "../../Service/Page/map-saved.js"
};
static const unsigned char map_selection_js[] = {
#embed "../../Service/Page/map-selection.js"
};
static const unsigned char map_stage_js[] = {
#embed "../../Service/Page/map-stage.js"
};
static const unsigned char map_view_js[] = {
#embed "../../Service/Page/map-view.js"
};
static const unsigned char map_css[] = {
#embed "../../Service/Page/map.css"
};
static const unsigned char marks_js[] = {
#embed "../../Service/Page/marks.js"
};
static const unsigned char overview_js[] = {
#embed "../../Service/Page/overview.js"
};
static const unsigned char parts_css[] = {
#embed "../../Service/Page/parts.css"
};
static const unsigned char pictures_js[] = {
#embed "../../Service/Page/pictures.js"
};
static const unsigned char problem_js[] = {
#embed "../../Service/Page/problem.js"
};
static const unsigned char quota_js[] = {
#embed "../../Service/Page/quota.js"
};
static const unsigned char reports_js[] = {
#embed "../../Service/Page/reports.js"
};
static const unsigned char review_pair_js[] = {
#embed "../../Service/Page/review-pair.js"
};
static const unsigned char review_queue_js[] = {
#embed "../../Service/Page/review-queue.js"
};
static const unsigned char review_js[] = {
#embed "../../Service/Page/review.js"
};
static const unsigned char route_js[] = {
#embed "../../Service/Page/route.js"
};
static const unsigned char router_js[] = {
#embed "../../Service/Page/router.js"
};
static const unsigned char schedule_form_js[] = {
#embed "../../Service/Page/schedule-form.js"
};
static const unsigned char schedule_js[] = {
#embed "../../Service/Page/schedule.js"
};
static const unsigned char schedules_js[] = {
#embed "../../Service/Page/schedules.js"
};
static const unsigned char search_js[] = {
#embed "../../Service/Page/search.js"
};
static const unsigned char service_css[] = {
#embed "../../Service/Page/service.css"
};
static const unsigned char session_js[] = {
#embed "../../Service/Page/session.js"
};
static const unsigned char settings_js[] = {
#embed "../../Service/Page/settings.js"
};
static const unsigned char shell_js[] = {
#embed "../../Service/Page/shell.js"
};
static const unsigned char sign_in_js[] = {
#embed "../../Service/Page/sign-in.js"
};
static const unsigned char start_js[] = {
#embed "../../Service/Page/start.js"
};
static const unsigned char table_js[] = {
#embed "../../Service/Page/table.js"
};
static const unsigned char theme_js[] = {
#embed "../../Service/Page/theme.js"
};
static const unsigned char tile_js[] = {
#embed "../../Service/Page/tile.js"
};
static const unsigned char verb_arguments_js[] = {
#embed "../../Service/Page/verb-arguments.js"
};
static const unsigned char verb_form_js[] = {
#embed "../../Service/Page/verb-form.js"
};
static const unsigned char views_css[] = {
#embed "../../Service/Page/views.css"
};
static const unsigned char watches_js[] = {
#embed "../../Service/Page/watches.js"
};
static const unsigned char words_js[] = {
#embed "../../Service/Page/words.js"
};

#define ENTRY(name, bytes) {name, bytes, sizeof bytes}

static const cpage_file description = ENTRY("openapi.json", openapi_json);

static const cpage_file files[] = {
  ENTRY("alerts.js", alerts_js),
  ENTRY("api.js", api_js),
  ENTRY("audit.js", audit_js),
  ENTRY("audits.js", audits_js),
  ENTRY("charts.js", charts_js),
  ENTRY("decide.js", decide_js),
  ENTRY("decisions.js", decisions_js),
  ENTRY("dialog.js", dialog_js),
  ENTRY("dom.js", dom_js),
  ENTRY("event-reader.js", event_reader_js),
  ENTRY("events.js", events_js),
  ENTRY("faces.js", faces_js),
  ENTRY("field.js", field_js),
  ENTRY("findings.js", findings_js),
  ENTRY("icon.svg", icon_svg),
  ENTRY("identities.js", identities_js),
  ENTRY("identity.js", identity_js),
  ENTRY("image.js", image_js),
  ENTRY("images.js", images_js),
  ENTRY("index.html", index_html),
  ENTRY("job-line.js", job_line_js),
  ENTRY("job-start.js", job_start_js),
  ENTRY("job.js", job_js),
  ENTRY("jobs.js", jobs_js),
  ENTRY("keys.js", keys_js),
  ENTRY("ledger.js", ledger_js),
  ENTRY("live.js", live_js),
  ENTRY("main.js", main_js),
  ENTRY("map-actions.js", map_actions_js),
  ENTRY("map-canvas.js", map_canvas_js),
  ENTRY("map-card.js", map_card_js),
  ENTRY("map-columns.js", map_columns_js),
  ENTRY("map-desk.js", map_desk_js),
  ENTRY("map-filter.js", map_filter_js),
  ENTRY("map-frame.js", map_frame_js),
  ENTRY("map-gl.js", map_gl_js),
  ENTRY("map-grid.js", map_grid_js),
  ENTRY("map-hand.js", map_hand_js),
  ENTRY("map-legend.js", map_legend_js),
  ENTRY("map-list.js", map_list_js),
  ENTRY("map-look.js", map_look_js),
  ENTRY("map-saved.js", map_saved_js),
  ENTRY("map-selection.js", map_selection_js),
  ENTRY("map-stage.js", map_stage_js),
  ENTRY("map-view.js", map_view_js),
  ENTRY("map.css", map_css),
  ENTRY("marks.js", marks_js),
  ENTRY("overview.js", overview_js),
  ENTRY("parts.css", parts_css),
  ENTRY("pictures.js", pictures_js),
  ENTRY("problem.js", problem_js),
  ENTRY("quota.js", quota_js),
  ENTRY("reports.js", reports_js),
  ENTRY("review-pair.js", review_pair_js),
  ENTRY("review-queue.js", review_queue_js),
  ENTRY("review.js", review_js),
  ENTRY("route.js", route_js),
  ENTRY("router.js", router_js),
  ENTRY("schedule-form.js", schedule_form_js),
  ENTRY("schedule.js", schedule_js),
  ENTRY("schedules.js", schedules_js),
  ENTRY("search.js", search_js),
  ENTRY("service.css", service_css),
  ENTRY("session.js", session_js),
  ENTRY("settings.js", settings_js),
  ENTRY("shell.js", shell_js),
  ENTRY("sign-in.js", sign_in_js),
  ENTRY("start.js", start_js),
  ENTRY("table.js", table_js),
  ENTRY("theme.js", theme_js),
  ENTRY("tile.js", tile_js),
  ENTRY("verb-arguments.js", verb_arguments_js),
  ENTRY("verb-form.js", verb_form_js),
  ENTRY("views.css", views_css),
  ENTRY("watches.js", watches_js),
  ENTRY("words.js", words_js),
};

cpage_file cpage_description(void) { return description; }

cpage_file cpage_at(size_t place) { return files[place]; }

size_t cpage_count(void) { return sizeof files / sizeof *files; }
