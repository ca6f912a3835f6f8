// Written by scripts/make-migrations.ts; do not edit.
import { Migration } from "@mikro-orm/migrations";

export class Migration20261123000000_init extends Migration {
  override up(): void {
    this.addSql(
      "create table `acceptance` (`id` text not null primary key, `tender_id` text not null, `lot_id` text not null, `stage` text not null, `holder_id` text not null, `public_key` text not null, `acceptance` longtext not null, `cms` longtext not null, `proof` longtext not null, `accepted_at` bigint not null)",
    );
    this.addSql(
      "create unique index `acceptance_public_key_unique` on `acceptance` (`public_key`)",
    );
    this.addSql(
      "create unique index `acceptance_tender_id_holder_id_stage_unique` on `acceptance` (`tender_id`, `holder_id`, `stage`)",
    );
    this.addSql(
      "create table `act` (`id` text not null primary key, `act_hash` text not null, `salt` text not null, `tick_seq` integer null, `slot` integer null)",
    );
    this.addSql("create unique index `act_act_hash_unique` on `act` (`act_hash`)");
    this.addSql("create index `act_tick_seq_index` on `act` (`tick_seq`)");
    this.addSql(
      "create table `bid` (`id` text not null primary key, `tender_id` text not null, `lot_id` text not null, `message_hash` text not null, `organization_id` text not null, `state` text not null, `register` json not null, `deposit` json not null, `fault` json not null, `halves` json not null, `opened` json not null, `confirmation` json not null, `bid_order` integer not null)",
    );
    this.addSql("create index `bid_organization_id_index` on `bid` (`organization_id`)");
    this.addSql(
      "create unique index `bid_tender_id_message_hash_unique` on `bid` (`tender_id`, `message_hash`)",
    );
    this.addSql(
      "create table `certificate` (`id` text not null primary key, `user_id` text not null, `organization_id` text not null, `fingerprint` text not null, `usage` text not null, `subject` text not null, `der` longtext not null, `not_after` bigint not null, `created_at` bigint not null)",
    );
    this.addSql("create index `certificate_user_id_index` on `certificate` (`user_id`)");
    this.addSql(
      "create index `certificate_organization_id_index` on `certificate` (`organization_id`)",
    );
    this.addSql(
      "create unique index `certificate_fingerprint_unique` on `certificate` (`fingerprint`)",
    );
    this.addSql(
      "create table `challenge` (`id` text not null primary key, `kind` text not null, `challenge` text not null, `user_id` text null, `expires_at` bigint not null, `used_at` bigint null)",
    );
    this.addSql("create index `challenge_challenge_index` on `challenge` (`challenge`)");
    this.addSql(
      "create table `checkpoint` (`size` integer not null primary key autoincrement, `note` longtext not null, `at` bigint not null, `cosigned` integer not null)",
    );
    this.addSql(
      "create table `delivery` (`id` text not null primary key, `dedupe` text not null, `channel` text not null, `recipient` text not null, `subject` text not null, `text` longtext not null, `state` text not null, `attempts` integer not null, `next_attempt_at` bigint not null, `created_at` bigint not null)",
    );
    this.addSql("create unique index `delivery_dedupe_unique` on `delivery` (`dedupe`)");
    this.addSql(
      "create index `delivery_state_next_attempt_at_index` on `delivery` (`state`, `next_attempt_at`)",
    );
    this.addSql(
      "create table `document` (`id` text not null primary key, `tender_id` text null, `organization_id` text null, `kind` text not null, `name` text not null, `media_type` text not null, `sha256` text not null, `bytes` integer not null, `audience` text not null, `signatures` json not null, `required_signers` json not null, `created_at` bigint not null)",
    );
    this.addSql("create index `document_tender_id_index` on `document` (`tender_id`)");
    this.addSql(
      "create table `enrolment` (`id` text not null primary key, `token_hash` text not null, `user_id` text not null, `expires_at` bigint not null, `used_at` bigint null)",
    );
    this.addSql("create unique index `enrolment_token_hash_unique` on `enrolment` (`token_hash`)");
    this.addSql("create index `enrolment_user_id_index` on `enrolment` (`user_id`)");
    this.addSql(
      "create table `expert` (`id` text not null primary key, `user_id` text not null, `kind` text not null, `specialty` text not null, `region` text not null, `employer` text not null, `employer_uscc` text not null, `suspended` integer not null, `recent_committees` integer not null, `salt` text not null)",
    );
    this.addSql("create unique index `expert_user_id_unique` on `expert` (`user_id`)");
    this.addSql(
      "create table `guarantee_order` (`id` text not null primary key, `organization_id` text not null, `user_id` text not null, `guarantor_id` text not null, `state` text not null, `idempotency_key` text not null, `envelope_sha256` text not null, `envelope` longtext not null, `event_seq` integer not null, `quote_envelope` longtext null, `certificate_envelope` longtext null, `payment_url` text null, `reason` text null, `submitted_at` bigint not null, `updated_at` bigint not null)",
    );
    this.addSql(
      "create index `guarantee_order_organization_id_index` on `guarantee_order` (`organization_id`)",
    );
    this.addSql(
      "create index `guarantee_order_guarantor_id_index` on `guarantee_order` (`guarantor_id`)",
    );
    this.addSql(
      "create unique index `guarantee_order_organization_id_idempotency_key_unique` on `guarantee_order` (`organization_id`, `idempotency_key`)",
    );
    this.addSql(
      "create table `inbox` (`id` text not null primary key, `user_id` text not null, `event` text not null, `tender_id` text null, `subject` json not null, `text` json not null, `at` bigint not null, `read_at` bigint null)",
    );
    this.addSql("create index `inbox_user_id_at_index` on `inbox` (`user_id`, `at`)");
    this.addSql(
      "create table `job` (`id` text not null primary key, `kind` text not null, `dedupe` text not null, `payload` json not null, `state` text not null, `attempts` integer not null, `run_at` bigint not null, `last_error` longtext null, `created_at` bigint not null)",
    );
    this.addSql("create unique index `job_dedupe_unique` on `job` (`dedupe`)");
    this.addSql("create index `job_state_run_at_index` on `job` (`state`, `run_at`)");
    this.addSql(
      "create table `log_entry` (`ordinal` integer not null primary key autoincrement, `seq` integer null, `type` text not null, `at` bigint not null, `tender_id` text null, `commitment` text not null, `salt` text not null, `body` longtext null, `dedupe` text null)",
    );
    this.addSql("create unique index `log_entry_seq_unique` on `log_entry` (`seq`)");
    this.addSql("create index `log_entry_tender_id_index` on `log_entry` (`tender_id`)");
    this.addSql("create unique index `log_entry_dedupe_unique` on `log_entry` (`dedupe`)");
    this.addSql(
      "create table `log_tile` (`path` text not null primary key, `data` longtext not null)",
    );
    this.addSql(
      "create table `mandate` (`id` text not null primary key, `tenderee_organization_id` text not null, `agency_organization_id` text not null, `tender_id` text null, `valid_from` bigint not null, `valid_to` bigint not null, `cms` longtext null, `created_at` bigint not null)",
    );
    this.addSql(
      "create index `mandate_tenderee_organization_id_index` on `mandate` (`tenderee_organization_id`)",
    );
    this.addSql(
      "create index `mandate_agency_organization_id_index` on `mandate` (`agency_organization_id`)",
    );
    this.addSql(
      "create table `membership` (`id` text not null primary key, `user_id` text not null, `organization_id` text not null, `roles` json not null, `created_at` bigint not null)",
    );
    this.addSql(
      "create index `membership_organization_id_index` on `membership` (`organization_id`)",
    );
    this.addSql(
      "create unique index `membership_user_id_organization_id_unique` on `membership` (`user_id`, `organization_id`)",
    );
    this.addSql(
      "create table `organization` (`id` text not null primary key, `name` text not null, `uscc` text not null, `roles` json not null, `address` text not null, `created_at` bigint not null)",
    );
    this.addSql("create unique index `organization_uscc_unique` on `organization` (`uscc`)");
    this.addSql(
      "create table `passkey` (`id` text not null primary key, `user_id` text not null, `credential_id` text not null, `public_key` longtext not null, `counter` integer not null, `transports` json not null, `created_at` bigint not null)",
    );
    this.addSql("create index `passkey_user_id_index` on `passkey` (`user_id`)");
    this.addSql(
      "create unique index `passkey_credential_id_unique` on `passkey` (`credential_id`)",
    );
    this.addSql(
      "create table `preparation` (`id` text not null primary key, `document_id` text not null, `user_id` text not null, `prepared_sha256` text not null, `byte_range` json not null, `digest` text not null, `field_name` text not null, `expires_at` bigint not null, `used_at` bigint null)",
    );
    this.addSql("create index `preparation_document_id_index` on `preparation` (`document_id`)");
    this.addSql(
      "create table `recording` (`id` text not null primary key, `tender_id` text not null, `participant` text not null, `source` text not null, `started_at` bigint not null, `ended_at` bigint not null, `bytes` bigint not null, `sha256` text not null, `file` text not null, `log_seq` integer null)",
    );
    this.addSql("create index `recording_tender_id_index` on `recording` (`tender_id`)");
    this.addSql(
      "create table `key_release` (`id` text not null primary key, `tender_id` text not null, `lot_id` text not null, `stage` text not null, `holder_id` text not null, `scalar` text not null, `release` longtext not null, `cms` longtext not null, `released_at` bigint not null)",
    );
    this.addSql(
      "create unique index `key_release_tender_id_holder_id_stage_unique` on `key_release` (`tender_id`, `holder_id`, `stage`)",
    );
    this.addSql(
      "create table `revealed_guarantee` (`id` text not null primary key, `order_id` text not null, `tender_id` text not null, `bid_id` text not null, `organization_id` text not null, `number` text not null, `undertaking` json not null, `certificate_document_id` text null, `state` text not null, `updated_at` bigint not null)",
    );
    this.addSql(
      "create unique index `revealed_guarantee_order_id_unique` on `revealed_guarantee` (`order_id`)",
    );
    this.addSql(
      "create index `revealed_guarantee_tender_id_index` on `revealed_guarantee` (`tender_id`)",
    );
    this.addSql(
      "create index `revealed_guarantee_bid_id_index` on `revealed_guarantee` (`bid_id`)",
    );
    this.addSql(
      "create table `seal` (`id` text not null primary key, `lot_id` text not null, `opaque_id` text not null, `message_hash` text not null, `register_hash` text not null, `message` longtext not null, `received_at` bigint not null, `receipt_cms` longtext not null, `timestamp_token` longtext not null, `superseded` integer not null, `withdrawn` integer not null)",
    );
    this.addSql("create index `seal_lot_id_index` on `seal` (`lot_id`)");
    this.addSql("create unique index `seal_opaque_id_unique` on `seal` (`opaque_id`)");
    this.addSql("create unique index `seal_message_hash_unique` on `seal` (`message_hash`)");
    this.addSql(
      "create table `seat` (`id` text not null primary key, `tender_id` text not null, `seat` integer not null, `pool_index` integer not null, `expert_id` text not null, `kind` text not null, `state` text not null, `is_chair` integer not null, `chair_vote` integer null, `declaration` json not null, `sheet_cms` longtext null, `submitted_at` bigint null, `updated_at` bigint not null)",
    );
    this.addSql("create index `seat_expert_id_index` on `seat` (`expert_id`)");
    this.addSql("create unique index `seat_tender_id_seat_unique` on `seat` (`tender_id`, `seat`)");
    this.addSql(
      "create table `session` (`id` text not null primary key, `token_hash` text not null, `user_id` text not null, `organization_id` text null, `role` text null, `factors` json not null, `created_at` bigint not null, `expires_at` bigint not null, `ended_at` bigint null)",
    );
    this.addSql("create unique index `session_token_hash_unique` on `session` (`token_hash`)");
    this.addSql("create index `session_user_id_index` on `session` (`user_id`)");
    this.addSql("create table `setting` (`id` text not null primary key, `value` json not null)");
    this.addSql(
      "create table `sheet` (`id` text not null primary key, `tender_id` text not null, `seat` integer not null, `bid_id` text not null, `marks` json not null, `pass_fail` json not null, `saved_at` bigint not null)",
    );
    this.addSql(
      "create unique index `sheet_tender_id_seat_bid_id_unique` on `sheet` (`tender_id`, `seat`, `bid_id`)",
    );
    this.addSql(
      "create table `spent_token` (`id` text not null primary key, `token_hash` text not null, `session_hash` text not null, `quota` integer not null, `used` integer not null, `expires_at` bigint not null)",
    );
    this.addSql(
      "create unique index `spent_token_token_hash_unique` on `spent_token` (`token_hash`)",
    );
    this.addSql(
      "create unique index `spent_token_session_hash_unique` on `spent_token` (`session_hash`)",
    );
    this.addSql(
      "create table `subscription` (`id` text not null primary key, `tender_id` text not null, `user_id` text not null, `created_at` bigint not null)",
    );
    this.addSql(
      "create unique index `subscription_tender_id_user_id_unique` on `subscription` (`tender_id`, `user_id`)",
    );
    this.addSql(
      "create table `tender` (`id` text not null primary key, `code` text not null, `state` text not null, `version` integer not null default 1, `agency_organization_id` text not null, `tenderee_organization_id` text not null, `created_by` text not null, `draft` json not null, `notice` longtext null, `notice_hash` text null, `lot_id` text not null, `deadline` bigint not null, `published_at` bigint null, `next_check_at` bigint null, `retender_of` text null, `course` json not null, `created_at` bigint not null, `updated_at` bigint not null)",
    );
    this.addSql("create unique index `tender_code_unique` on `tender` (`code`)");
    this.addSql(
      "create index `tender_agency_organization_id_index` on `tender` (`agency_organization_id`)",
    );
    this.addSql(
      "create index `tender_tenderee_organization_id_index` on `tender` (`tenderee_organization_id`)",
    );
    this.addSql("create unique index `tender_lot_id_unique` on `tender` (`lot_id`)");
    this.addSql("create index `tender_next_check_at_index` on `tender` (`next_check_at`)");
    this.addSql("create index `tender_retender_of_index` on `tender` (`retender_of`)");
    this.addSql(
      "create index `tender_state_published_at_index` on `tender` (`state`, `published_at`)",
    );
    this.addSql(
      "create table `token_grant` (`id` text not null primary key, `user_id` text not null, `week` text not null, `issued` integer not null)",
    );
    this.addSql(
      "create unique index `token_grant_user_id_week_unique` on `token_grant` (`user_id`, `week`)",
    );
    this.addSql(
      "create table `user_account` (`id` text not null primary key, `name` text not null, `email` text not null, `phone` text not null, `totp_secret` text null, `created_at` bigint not null)",
    );
    this.addSql(
      "create table `wallet` (`id` text not null primary key, `user_id` text not null, `blob` longtext not null, `updated_at` bigint not null)",
    );
    this.addSql("create unique index `wallet_user_id_unique` on `wallet` (`user_id`)");
  }
}
