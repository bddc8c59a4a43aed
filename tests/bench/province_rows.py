"""The rows of a province, at any scale, as statements that PostgreSQL carries out by itself.

At scale 1: 1,000 agencies, 5,000 units, 54,000 engagements of ten years, 150,000 reviews, two
million papers and as many versions, 20 million entries of the log, each with its hash.
"""

from dataclasses import dataclass

PAPERS, SECTIONS, OFFICERS, YEARS = 37, 24, 40, 10


@dataclass(frozen=True)
class Size:
    """How many there are of each."""

    scale: float

    @property
    def agencies(self) -> int:
        return max(3, round(1000 * self.scale))

    @property
    def units(self) -> int:
        return max(10, round(5000 * self.scale))

    @property
    def departments(self) -> int:
        return max(3, round(100 * self.scale))

    @property
    def finished(self) -> int:
        return max(20, round(50_000 * self.scale))

    @property
    def engagements(self) -> int:
        return self.finished + max(8, round(4000 * self.scale))

    @property
    def entries(self) -> int:
        return max(1000, round(20_000_000 * self.scale))

    def names(self) -> dict[str, int]:
        """The numbers that stand in the statements: counts, and where each kind of ids begins."""
        departments = 2 + SECTIONS
        offices = departments + self.departments
        units = offices + self.departments
        people_sections = 100 + OFFICERS
        people_departments = people_sections + SECTIONS
        people_units = people_departments + 2 * self.departments
        return {
            "s": SECTIONS, "o": OFFICERS, "d": self.departments, "u": self.units,
            "a": self.agencies, "e": self.engagements, "f": self.finished, "p": PAPERS,
            "y": YEARS, "n": self.entries,
            "d0": departments, "f0": offices, "u0": units, "a0": units + self.units,
            "ps0": people_sections, "pd0": people_departments, "pu0": people_units,
            "pa0": people_units + self.units, "papers": PAPERS * self.engagements,
        }  # fmt: skip


NOW = "now() - interval '1 day'"
# What stands for an engagement's agency, unit, section, officer and people, by its number.
AGENCY, UNIT = "(e * 7919 % {a})", "(e::bigint * 104729 % {u})::int"
LEAD, MEMBER = "({pa0} + 4 * " + AGENCY + " + 1 + e % 2)", "({pa0} + 4 * " + AGENCY + " + 3)"
OFFICER = "(100 + e % {o})"
RUNS = "(e > {f})"
STARTS = "(current_date - 3 - ((({e} - e)::bigint * 3560) / {e})::int)"
LIST = "generate_series(1, {e}) AS e"
DONE = "generate_series(1, {f}) AS e"

STEPS: tuple[tuple[str, str], ...] = (
    ("organisation", """INSERT INTO organisation (id, kind, name, registered_at)
      SELECT 1, 'bureau', '演示省财政厅', now() - interval '11 years'
      UNION ALL SELECT 2 + i, 'section', '演示业务处' || i, now() FROM generate_series(0, {s} - 1) i
      UNION ALL SELECT {d0} + i, 'department', '演示主管部门' || i, now() FROM generate_series(0, {d} - 1) i
      UNION ALL SELECT {f0} + i, 'finance_office', '演示财政所' || i, now() FROM generate_series(0, {d} - 1) i
      UNION ALL SELECT {a0} + i, 'agency', '演示咨询机构' || i, now() FROM generate_series(0, {a} - 1) i"""),
    ("organisation", """INSERT INTO organisation (id, kind, name, department_id, finance_office_id, registered_at)
      SELECT {u0} + i, 'unit', '演示预算单位' || i, {d0} + i % {d}, {f0} + i % {d}, now() FROM generate_series(0, {u} - 1) i"""),
    ("agency", """INSERT INTO agency (id, agency_type, legal_representative, address, phone, platform_number, registered_at)
      SELECT {a0} + i, (ARRAY['consultancy','accounting','appraisal','law'])[1 + i % 4], '演示法人', '', '', '', now()
      FROM generate_series(0, {a} - 1) i"""),
    ("user_account", """INSERT INTO user_account (id, login, name, role, organisation_id, password_hash, password_set_at,
        must_change_password, failed_sign_ins, session_stamp, opened_at)
      SELECT id, 'p' || id, '演示人员' || id, role, home, '!', now(), false, 0, 'x', now() - interval '11 years' FROM (
        SELECT 1 + i AS id, (ARRAY['leader','inspector','archivist','system_admin','security_admin','audit_admin'])[1 + i] AS role, 1 AS home
          FROM generate_series(0, 5) i
        UNION ALL SELECT 100 + i, 'performance_officer', 1 FROM generate_series(0, {o} - 1) i
        UNION ALL SELECT {ps0} + i, 'section_officer', 2 + i FROM generate_series(0, {s} - 1) i
        UNION ALL SELECT {pd0} + i, 'department_officer', {d0} + i FROM generate_series(0, {d} - 1) i
        UNION ALL SELECT {pd0} + {d} + i, 'finance_office_officer', {f0} + i FROM generate_series(0, {d} - 1) i
        UNION ALL SELECT {pu0} + i, 'unit_officer', {u0} + i FROM generate_series(0, {u} - 1) i
        UNION ALL SELECT {pa0} + 4 * i + j, (ARRAY['agency_admin','lead_evaluator','lead_evaluator','agency_member'])[1 + j], {a0} + i
          FROM generate_series(0, {a} - 1) i, generate_series(0, 3) j
        UNION ALL SELECT 50, 'expert', 1) people"""),
    ("evaluator", """INSERT INTO evaluator (id, agency_id, user_id, name, qualification, working_since, evaluating_since, confirmed_at, confirmed_by_id, remark)
      SELECT {pa0} + 4 * i + j, {a0} + i, {pa0} + 4 * i + j, '演示主评人' || i || '-' || j, '注册会计师', '2008-07-01', '2012-07-01', now(), 100, ''
      FROM generate_series(0, {a} - 1) i, generate_series(1, 2) j"""),
    ("engagement", f"""INSERT INTO engagement (id, code, name, year, template_id, service_type_id, agency_id, lead_evaluator_id, client_id, issued_by,
        fee_fen, signed_on, starts_on, ends_on, opened_at, opened_by_id, current_stage_position, refusal_count, accepted_at, termination_reason, closed_at)
      SELECT e, 'XP' || extract(year FROM at) || '-' || lpad(e::text, 6, '0'), '演示专项资金' || e || '绩效评价', extract(year FROM at), 1 + e % 2, 3 + e % 2,
        {{a0}} + {AGENCY}, {LEAD}, 1, 'agency', 5000000 + e % 90 * 100000, at, at, at + 200, at, {OFFICER},
        CASE WHEN {RUNS} THEN 1 + e % 8 ELSE 11 END, 0, CASE WHEN NOT {RUNS} THEN at + interval '150 days' END, '',
        CASE WHEN NOT {RUNS} AND (e <= {{f}} * 0.98 OR e % 5 > 0) THEN at + interval '170 days' END
      FROM (SELECT e, {STARTS} AS at FROM {LIST}) known"""),
    ("engagement_officer", f"""INSERT INTO engagement_officer (engagement_id, officer_id, assigned_by_id, assigned_at)
      SELECT e, {OFFICER}, 100, now() FROM {LIST}"""),
    ("task", f"""INSERT INTO task (id, engagement_id, number, project, amount_fen, unit_id, section_id)
      SELECT e, e, 1, '演示专项资金' || e, 100000000 + e % 77 * 1000000, {{u0}} + {UNIT}, 2 + e % {{s}} FROM {LIST}"""),
    ("stage", """INSERT INTO stage (id, engagement_id, position, code, name, due_on, required_papers, started_at, submitted_at, approved_at, returned_count)
      SELECT (e.id - 1) * 11 + t.position, e.id, t.position, t.code, t.name, e.starts_on + t.position * 18 - e.id % 9, t.required_papers,
        CASE WHEN t.position <= e.current_stage_position THEN e.starts_on + (t.position - 1) * 16 END,
        CASE WHEN t.position < e.current_stage_position OR (e.id % 3 = 0 AND t.position = e.current_stage_position) THEN e.starts_on + t.position * 16 END,
        CASE WHEN t.position < e.current_stage_position THEN e.starts_on + t.position * 16 + e.id % 4 END, CASE WHEN e.id % 7 = t.position THEN 1 ELSE 0 END
      FROM engagement e JOIN template_stage t ON t.template_id = e.template_id"""),
    ("acceptance_decision", f"""INSERT INTO acceptance_decision (engagement_id, round, outcome, reasons, decided_by_id, decided_at)
      SELECT e, 1, 'accepted', '', {OFFICER}, now() FROM {DONE}"""),
    ("working_paper", f"""INSERT INTO working_paper (id, engagement_id, task_id, stage_id, index_class, index_no, title, state, current_version, created_by_id, created_at, withdrawal_reason)
      SELECT (e - 1) * {{p}} + k, e, e, (e - 1) * 11 + 1 + k % 8, chr(65 + k % 10), chr(65 + k % 10) || '-' || lpad(k::text, 2, '0'),
        (ARRAY['业务委托合同','资料清单','评价工作方案','现场核查记录','访谈提纲','问卷统计','评分底稿','报告初稿','征求意见函','质量控制记录'])[1 + k % 10] || e,
        CASE WHEN {RUNS} THEN (ARRAY['submitted','read','returned','approved'])[1 + k % 4] ELSE 'approved' END,
        1, {MEMBER}, now() - interval '1 day' * (({{e}} - e) * 3600 / {{e}}), ''
      FROM {LIST}, generate_series(1, {{p}}) k"""),
    ("paper_version", """INSERT INTO paper_version (id, paper_id, number, file_name, media_type, size, sha256, store_key, is_late, submitted_by_id, submitted_at, state, decision_words)
      SELECT id, id, 1, title || '.pdf', 'application/pdf', 20000 + id % 90000, hash, 'sha256/' || left(hash, 2) || '/' || hash,
        id % 50 = 0, created_by_id, created_at, state, '' FROM working_paper, LATERAL (SELECT encode(sha256(id::text::bytea), 'hex') AS hash) bytes"""),
    ("guidance_note", f"""INSERT INTO guidance_note (id, engagement_id, paper_id, version_id, number, kind, place, body, reason, author_id, issued_at, settled_at, settled_by_id)
      SELECT (e - 1) * 3 + k, e, (e - 1) * {{p}} + k, (e - 1) * {{p}} + k, 1, (ARRAY['must_resolve','suggestion','score'])[k], '第三行', '演示意见：请补充佐证', '演示',
        {OFFICER}, {NOW}, CASE WHEN NOT {RUNS} THEN now() END, CASE WHEN NOT {RUNS} THEN {OFFICER} END FROM {LIST}, generate_series(1, 3) k"""),
    ("note_reply", f"""INSERT INTO note_reply (note_id, body, author_id, sent_at) SELECT (e - 1) * 3 + k, '演示答复', {LEAD}, now() FROM {DONE}, generate_series(1, 3) k"""),
    ("review_round", f"""INSERT INTO review_round (id, engagement_id, opened_at, closes_on, unsealed_at)
      SELECT e, e, now() - interval '40 days', CASE WHEN e > {{f}} * 0.99 THEN current_date + 27 ELSE current_date - 22 END,
        CASE WHEN e <= {{f}} * 0.99 THEN now() - interval '20 days' END FROM {DONE}"""),
    ("review_invitation", f"""INSERT INTO review_invitation (id, round_id, party, organisation_id, submitted_at, reminders)
      SELECT (e - 1) * 3 + k, e, (ARRAY['unit','performance','section'])[k], CASE k WHEN 1 THEN {{u0}} + {UNIT} WHEN 2 THEN 1 ELSE 2 + e % {{s}} END, now() - interval '30 days', 0
      FROM {DONE}, generate_series(1, 3) k"""),
    ("review", f"""INSERT INTO review (id, invitation_id, round_id, author_id, submitted_at, words, fact, nonce, commitment, version, author_name)
      SELECT (e - 1) * 3 + k, (e - 1) * 3 + k, e, CASE k WHEN 1 THEN {{pu0}} + {UNIT} WHEN 2 THEN {OFFICER} ELSE {{ps0}} + e % {{s}} END,
        now() - interval '30 days', '演示', '', md5(e::text), encode(sha256((e * 3 + k)::text::bytea), 'hex'), 1, ''
      FROM {DONE}, generate_series(1, 3) k"""),
    ("review_score", f"""INSERT INTO review_score (review_id, dimension_id, stars)
      SELECT (e - 1) * 3 + k, d, least(5, greatest(1, round(2.2 + {AGENCY} * 37 % 100 / 50.0 + hashint4(e * 12 + k * 4 + d) % 100 / 90.0)))::int
      FROM {DONE}, generate_series(1, 3) k, generate_series(1, 4) d"""),
    ("assessment", f"""INSERT INTO assessment (id, engagement_id, version, form_id, rules_id, reason, revision, begun_at, filled_by_id, bonus_words, return_words, facts)
      SELECT e, e, 1, 1, 1, '', 1, now(), {OFFICER}, '', '', '{{{{}}}}' FROM {DONE}"""),
    ("assessment_score", f"""INSERT INTO assessment_score (assessment_id, item_id, position, most, points, words)
      SELECT e, i.id, i.position, i.points, i.points * 8 / 10, '演示扣分' FROM {DONE}, assessment_item i WHERE i.form_id = 1"""),
    ("assessment", """UPDATE assessment SET submitted_at = now(), total = 6000 + id % 39 * 100, grade = (ARRAY['a','b','b','c','d'])[1 + id % 5],
        confirmed_at = now(), confirmed_by_id = 1, objections_until = current_date - 53"""),
    ("alert", f"""INSERT INTO alert (rule_id, kind, engagement_id, mark, facts, state, owner_id, raised_at, due_on, ended_at, ended_by_id, words)
      SELECT 4, 'silent', e, 'silent:' || e, '{{{{"days": 15}}}}', CASE WHEN {RUNS} THEN 'open' ELSE 'ended' END, {OFFICER}, {NOW}, current_date - 3,
        CASE WHEN NOT {RUNS} THEN now() END, CASE WHEN NOT {RUNS} THEN {OFFICER} END, CASE WHEN NOT {RUNS} THEN '演示办结' ELSE '' END FROM {LIST}"""),
    ("message", """INSERT INTO message (user_id, kind, facts, link, sent_at, read_at)
      SELECT id, 'engagement_opened', '{{"engagement": "演示项目"}}', '/engagements/1', now(), CASE WHEN k > 3 THEN now() END
      FROM user_account, generate_series(1, 40) k"""),
    ("document_request", f"""INSERT INTO document_request (id, engagement_id, task_id, unit_id, number, phase, words, made_by_id, made_at, sent_at, sent_by_id)
      SELECT e, e, e, {{u0}} + {UNIT}, 1, 'survey', '', {LEAD}, now(), now(), {LEAD} FROM {LIST}"""),
    ("request_item", f"""INSERT INTO request_item (request_id, number, title, description, working_days, due_on, state, words, returned_count, late_days)
      SELECT e, k, '演示资料' || k, '', 5, current_date + 7, CASE WHEN {RUNS} THEN 'wanted' ELSE 'confirmed' END, '', 0, 0 FROM {LIST}, generate_series(1, 4) k"""),
    ("result_use", f"""INSERT INTO result_use (engagement_id, task_id, budget_year, score, grade, proposed_cut_fen, basis, proposed_by_id, proposed_at, decision_no, decider, voided_at, void_reason)
      SELECT e, e, 2017 + e % 10, 8000, 'good', 100000, '演示', {OFFICER}, now(), '', '', NULL, '' FROM {DONE}"""),
    ("rectification_notice", f"""INSERT INTO rectification_notice (id, engagement_id, unit_id, number, document_no, words, issued_at, issued_by_id)
      SELECT e, e, {{u0}} + {UNIT}, 1, '演财绩〔2026〕' || e || '号', '', now(), {OFFICER} FROM {DONE} WHERE e % 4 = 0"""),
    ("rectification_item", f"""INSERT INTO rectification_item (notice_id, number, finding, demand, amount_fen, due_on, state, measure, decision_words, returned_count, late_days)
      SELECT e, k, '演示问题', '演示整改要求', 0, current_date + 8, CASE WHEN e > {{f}} * 0.97 THEN 'open' ELSE 'confirmed' END, '', '', 0, 0 FROM {DONE}, generate_series(1, 3) k WHERE e % 4 = 0"""),
    ("search_entry", """INSERT INTO search_entry (id, kind, subject_id, title, words)
      SELECT id, 'paper', id, title, lower(title || ' ' || replace(index_no, '-', ' ')) FROM working_paper"""),
    ("search_text", """INSERT INTO search_text (entry_id, grams)
      SELECT id, (SELECT string_agg(DISTINCT gram, ' ') FROM generate_series(1, length(words)) i, LATERAL (VALUES (substr(words, i, 1)), (substr(words, i, 2))) cut (gram) WHERE gram !~ ' ') FROM search_entry"""),
    ("audit_event", """INSERT INTO audit_event (canonical, leaf, event, subject, scope, actor_id, at)
      SELECT canonical, sha256('\\x00'::bytea || convert_to(canonical, 'UTF8')), event, subject, scope, actor, at FROM (
        SELECT format('{{"actor":%s,"at":"%s","event":"%s","facts":%s,"org":1,"role":"performance_officer","scope":%s,"subject":"%s","v":1}}', actor,
          to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00', event, facts, coalesce('"' || scope || '"', 'null'), subject) AS canonical,
          event, subject, scope, actor, at AT TIME ZONE 'UTC' AS at
        FROM (SELECT n, 100 + n % {o} AS actor,
            date_trunc('second', now() AT TIME ZONE 'UTC' - interval '3652 days') + interval '1 second' * (n::bigint * 315000000 / {n}) AS at,
            CASE WHEN n % 5 = 0 THEN 'sign_in.done' ELSE (ARRAY['version.read','version.approved','stage.submitted','stage.approved'])[n % 5] END AS event,
            CASE WHEN n % 5 = 0 THEN '{{}}' WHEN n % 5 = 1 THEN '{{"index_no":"C-01","number":1}}'
              WHEN n % 5 = 2 THEN '{{"index_no":"C-01","number":1,"sha256":"00"}}' ELSE '{{"stage":["plan","方案制定"]}}' END AS facts,
            CASE WHEN n % 5 = 0 THEN 'user_account:' || (100 + n % {o}) WHEN n % 5 < 3 THEN 'working_paper:' || (1 + n::bigint * {papers} / {n} % {papers})
              ELSE 'stage:' || (1 + n::bigint * {e} / {n}) * 11 END AS subject,
            CASE WHEN n % 5 > 0 THEN 'engagement:' || (1 + (n::bigint - 1) * {e} / {n}) END AS scope
          FROM generate_series(1, {n}) n) told) whole"""),
)  # fmt: skip
