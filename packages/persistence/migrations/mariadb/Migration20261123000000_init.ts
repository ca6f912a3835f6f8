// Written by scripts/make-migrations.ts; do not edit.
import { Migration } from "@mikro-orm/migrations";

export class Migration20261123000000_init extends Migration {
  override up(): void {
    this.addSql(
      "create table `acceptance` (`id` varchar(32) not null, `tender_id` varchar(32) not null, `lot_id` varchar(32) not null, `stage` varchar(64) not null, `holder_id` varchar(32) not null, `public_key` varchar(130) not null, `acceptance` longtext not null, `cms` longtext not null, `proof` longtext not null, `accepted_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `acceptance` add unique `acceptance_public_key_unique` (`public_key`)",
    );
    this.addSql(
      "alter table `acceptance` add unique `acceptance_tender_id_holder_id_stage_unique` (`tender_id`, `holder_id`, `stage`)",
    );
    this.addSql(
      "create table `act` (`id` varchar(32) not null, `act_hash` varchar(64) not null, `salt` varchar(64) not null, `tick_seq` int null, `slot` int null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `act` add unique `act_act_hash_unique` (`act_hash`)");
    this.addSql("alter table `act` add index `act_tick_seq_index` (`tick_seq`)");
    this.addSql(
      "create table `bid` (`id` varchar(32) not null, `tender_id` varchar(32) not null, `lot_id` varchar(32) not null, `message_hash` varchar(64) not null, `organization_id` varchar(32) not null, `state` varchar(64) not null, `register` json not null, `deposit` json not null, `fault` json not null, `halves` json not null, `opened` json not null, `confirmation` json not null, `bid_order` int not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `bid` add index `bid_organization_id_index` (`organization_id`)");
    this.addSql(
      "alter table `bid` add unique `bid_tender_id_message_hash_unique` (`tender_id`, `message_hash`)",
    );
    this.addSql(
      "create table `certificate` (`id` varchar(32) not null, `user_id` varchar(32) not null, `organization_id` varchar(32) not null, `fingerprint` varchar(64) not null, `usage` varchar(64) not null, `subject` varchar(255) not null, `der` longtext not null, `not_after` bigint not null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `certificate` add index `certificate_user_id_index` (`user_id`)");
    this.addSql(
      "alter table `certificate` add index `certificate_organization_id_index` (`organization_id`)",
    );
    this.addSql(
      "alter table `certificate` add unique `certificate_fingerprint_unique` (`fingerprint`)",
    );
    this.addSql(
      "create table `challenge` (`id` varchar(32) not null, `kind` varchar(64) not null, `challenge` varchar(200) not null, `user_id` varchar(32) null, `expires_at` bigint not null, `used_at` bigint null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `challenge` add index `challenge_challenge_index` (`challenge`)");
    this.addSql(
      "create table `checkpoint` (`size` int unsigned not null auto_increment primary key, `note` longtext not null, `at` bigint not null, `cosigned` tinyint(1) not null) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "create table `delivery` (`id` varchar(32) not null, `dedupe` varchar(255) not null, `channel` varchar(64) not null, `recipient` varchar(255) not null, `subject` varchar(255) not null, `text` longtext not null, `state` varchar(64) not null, `attempts` int not null, `next_attempt_at` bigint not null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `delivery` add unique `delivery_dedupe_unique` (`dedupe`)");
    this.addSql(
      "alter table `delivery` add index `delivery_state_next_attempt_at_index` (`state`, `next_attempt_at`)",
    );
    this.addSql(
      "create table `document` (`id` varchar(32) not null, `tender_id` varchar(32) null, `organization_id` varchar(32) null, `kind` varchar(64) not null, `name` varchar(255) not null, `media_type` varchar(255) not null, `sha256` varchar(64) not null, `bytes` int not null, `audience` varchar(64) not null, `signatures` json not null, `required_signers` json not null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `document` add index `document_tender_id_index` (`tender_id`)");
    this.addSql(
      "create table `enrolment` (`id` varchar(32) not null, `token_hash` varchar(64) not null, `user_id` varchar(32) not null, `expires_at` bigint not null, `used_at` bigint null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `enrolment` add unique `enrolment_token_hash_unique` (`token_hash`)");
    this.addSql("alter table `enrolment` add index `enrolment_user_id_index` (`user_id`)");
    this.addSql(
      "create table `expert` (`id` varchar(32) not null, `user_id` varchar(32) not null, `kind` varchar(64) not null, `specialty` varchar(255) not null, `region` varchar(255) not null, `employer` varchar(255) not null, `employer_uscc` varchar(18) not null, `suspended` tinyint(1) not null, `recent_committees` int not null, `salt` varchar(64) not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `expert` add unique `expert_user_id_unique` (`user_id`)");
    this.addSql(
      "create table `guarantee_order` (`id` varchar(32) not null, `organization_id` varchar(32) not null, `user_id` varchar(32) not null, `guarantor_id` varchar(64) not null, `state` varchar(64) not null, `idempotency_key` varchar(32) not null, `envelope_sha256` varchar(64) not null, `envelope` longtext not null, `event_seq` int not null, `quote_envelope` longtext null, `certificate_envelope` longtext null, `payment_url` varchar(255) null, `reason` varchar(255) null, `submitted_at` bigint not null, `updated_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `guarantee_order` add index `guarantee_order_organization_id_index` (`organization_id`)",
    );
    this.addSql(
      "alter table `guarantee_order` add index `guarantee_order_guarantor_id_index` (`guarantor_id`)",
    );
    this.addSql(
      "alter table `guarantee_order` add unique `guarantee_order_organization_id_idempotency_key_unique` (`organization_id`, `idempotency_key`)",
    );
    this.addSql(
      "create table `inbox` (`id` varchar(32) not null, `user_id` varchar(32) not null, `event` varchar(64) not null, `tender_id` varchar(32) null, `subject` json not null, `text` json not null, `at` bigint not null, `read_at` bigint null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `inbox` add index `inbox_user_id_at_index` (`user_id`, `at`)");
    this.addSql(
      "create table `job` (`id` varchar(32) not null, `kind` varchar(64) not null, `dedupe` varchar(255) not null, `payload` json not null, `state` varchar(64) not null, `attempts` int not null, `run_at` bigint not null, `last_error` longtext null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `job` add unique `job_dedupe_unique` (`dedupe`)");
    this.addSql("alter table `job` add index `job_state_run_at_index` (`state`, `run_at`)");
    this.addSql(
      "create table `log_entry` (`ordinal` int unsigned not null auto_increment primary key, `seq` int null, `type` varchar(64) not null, `at` bigint not null, `tender_id` varchar(32) null, `commitment` varchar(64) not null, `salt` varchar(64) not null, `body` longtext null, `dedupe` varchar(255) null) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `log_entry` add unique `log_entry_seq_unique` (`seq`)");
    this.addSql("alter table `log_entry` add index `log_entry_tender_id_index` (`tender_id`)");
    this.addSql("alter table `log_entry` add unique `log_entry_dedupe_unique` (`dedupe`)");
    this.addSql(
      "create table `log_tile` (`path` varchar(120) not null, `data` longtext not null, primary key (`path`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "create table `mandate` (`id` varchar(32) not null, `tenderee_organization_id` varchar(32) not null, `agency_organization_id` varchar(32) not null, `tender_id` varchar(32) null, `valid_from` bigint not null, `valid_to` bigint not null, `cms` longtext null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `mandate` add index `mandate_tenderee_organization_id_index` (`tenderee_organization_id`)",
    );
    this.addSql(
      "alter table `mandate` add index `mandate_agency_organization_id_index` (`agency_organization_id`)",
    );
    this.addSql(
      "create table `membership` (`id` varchar(32) not null, `user_id` varchar(32) not null, `organization_id` varchar(32) not null, `roles` json not null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `membership` add index `membership_organization_id_index` (`organization_id`)",
    );
    this.addSql(
      "alter table `membership` add unique `membership_user_id_organization_id_unique` (`user_id`, `organization_id`)",
    );
    this.addSql(
      "create table `organization` (`id` varchar(32) not null, `name` varchar(255) not null, `uscc` varchar(18) not null, `roles` json not null, `address` varchar(255) not null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `organization` add unique `organization_uscc_unique` (`uscc`)");
    this.addSql(
      "create table `passkey` (`id` varchar(32) not null, `user_id` varchar(32) not null, `credential_id` varchar(400) not null, `public_key` longtext not null, `counter` int not null, `transports` json not null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `passkey` add index `passkey_user_id_index` (`user_id`)");
    this.addSql(
      "alter table `passkey` add unique `passkey_credential_id_unique` (`credential_id`)",
    );
    this.addSql(
      "create table `preparation` (`id` varchar(32) not null, `document_id` varchar(32) not null, `user_id` varchar(32) not null, `prepared_sha256` varchar(64) not null, `byte_range` json not null, `digest` varchar(64) not null, `field_name` varchar(64) not null, `expires_at` bigint not null, `used_at` bigint null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `preparation` add index `preparation_document_id_index` (`document_id`)",
    );
    this.addSql(
      "create table `recording` (`id` varchar(32) not null, `tender_id` varchar(32) not null, `participant` varchar(255) not null, `source` varchar(64) not null, `started_at` bigint not null, `ended_at` bigint not null, `bytes` bigint not null, `sha256` varchar(64) not null, `file` varchar(255) not null, `log_seq` int null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `recording` add index `recording_tender_id_index` (`tender_id`)");
    this.addSql(
      "create table `key_release` (`id` varchar(32) not null, `tender_id` varchar(32) not null, `lot_id` varchar(32) not null, `stage` varchar(64) not null, `holder_id` varchar(32) not null, `scalar` varchar(64) not null, `release` longtext not null, `cms` longtext not null, `released_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `key_release` add unique `key_release_tender_id_holder_id_stage_unique` (`tender_id`, `holder_id`, `stage`)",
    );
    this.addSql(
      "create table `revealed_guarantee` (`id` varchar(32) not null, `order_id` varchar(32) not null, `tender_id` varchar(32) not null, `bid_id` varchar(32) not null, `organization_id` varchar(32) not null, `number` varchar(64) not null, `undertaking` json not null, `certificate_document_id` varchar(32) null, `state` varchar(64) not null, `updated_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `revealed_guarantee` add unique `revealed_guarantee_order_id_unique` (`order_id`)",
    );
    this.addSql(
      "alter table `revealed_guarantee` add index `revealed_guarantee_tender_id_index` (`tender_id`)",
    );
    this.addSql(
      "alter table `revealed_guarantee` add index `revealed_guarantee_bid_id_index` (`bid_id`)",
    );
    this.addSql(
      "create table `seal` (`id` varchar(32) not null, `lot_id` varchar(32) not null, `opaque_id` varchar(32) not null, `message_hash` varchar(64) not null, `register_hash` varchar(64) not null, `message` longtext not null, `received_at` bigint not null, `receipt_cms` longtext not null, `timestamp_token` longtext not null, `superseded` tinyint(1) not null, `withdrawn` tinyint(1) not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `seal` add index `seal_lot_id_index` (`lot_id`)");
    this.addSql("alter table `seal` add unique `seal_opaque_id_unique` (`opaque_id`)");
    this.addSql("alter table `seal` add unique `seal_message_hash_unique` (`message_hash`)");
    this.addSql(
      "create table `seat` (`id` varchar(32) not null, `tender_id` varchar(32) not null, `seat` int not null, `pool_index` int not null, `expert_id` varchar(32) not null, `kind` varchar(64) not null, `state` varchar(64) not null, `is_chair` tinyint(1) not null, `chair_vote` int null, `declaration` json not null, `sheet_cms` longtext null, `submitted_at` bigint null, `updated_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `seat` add index `seat_expert_id_index` (`expert_id`)");
    this.addSql("alter table `seat` add unique `seat_tender_id_seat_unique` (`tender_id`, `seat`)");
    this.addSql(
      "create table `session` (`id` varchar(32) not null, `token_hash` varchar(64) not null, `user_id` varchar(32) not null, `organization_id` varchar(32) null, `role` varchar(64) null, `factors` json not null, `created_at` bigint not null, `expires_at` bigint not null, `ended_at` bigint null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `session` add unique `session_token_hash_unique` (`token_hash`)");
    this.addSql("alter table `session` add index `session_user_id_index` (`user_id`)");
    this.addSql(
      "create table `setting` (`id` varchar(64) not null, `value` json not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "create table `sheet` (`id` varchar(32) not null, `tender_id` varchar(32) not null, `seat` int not null, `bid_id` varchar(32) not null, `marks` json not null, `pass_fail` json not null, `saved_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `sheet` add unique `sheet_tender_id_seat_bid_id_unique` (`tender_id`, `seat`, `bid_id`)",
    );
    this.addSql(
      "create table `spent_token` (`id` varchar(32) not null, `token_hash` varchar(64) not null, `session_hash` varchar(64) not null, `quota` int not null, `used` int not null, `expires_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `spent_token` add unique `spent_token_token_hash_unique` (`token_hash`)",
    );
    this.addSql(
      "alter table `spent_token` add unique `spent_token_session_hash_unique` (`session_hash`)",
    );
    this.addSql(
      "create table `subscription` (`id` varchar(32) not null, `tender_id` varchar(32) not null, `user_id` varchar(32) not null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `subscription` add unique `subscription_tender_id_user_id_unique` (`tender_id`, `user_id`)",
    );
    this.addSql(
      "create table `tender` (`id` varchar(32) not null, `code` varchar(64) not null, `state` varchar(64) not null, `version` int not null default 1, `agency_organization_id` varchar(32) not null, `tenderee_organization_id` varchar(32) not null, `created_by` varchar(32) not null, `draft` json not null, `notice` longtext null, `notice_hash` varchar(64) null, `lot_id` varchar(32) not null, `deadline` bigint not null, `published_at` bigint null, `next_check_at` bigint null, `retender_of` varchar(32) null, `course` json not null, `created_at` bigint not null, `updated_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `tender` add unique `tender_code_unique` (`code`)");
    this.addSql(
      "alter table `tender` add index `tender_agency_organization_id_index` (`agency_organization_id`)",
    );
    this.addSql(
      "alter table `tender` add index `tender_tenderee_organization_id_index` (`tenderee_organization_id`)",
    );
    this.addSql("alter table `tender` add unique `tender_lot_id_unique` (`lot_id`)");
    this.addSql("alter table `tender` add index `tender_next_check_at_index` (`next_check_at`)");
    this.addSql("alter table `tender` add index `tender_retender_of_index` (`retender_of`)");
    this.addSql(
      "alter table `tender` add index `tender_state_published_at_index` (`state`, `published_at`)",
    );
    this.addSql(
      "create table `token_grant` (`id` varchar(32) not null, `user_id` varchar(32) not null, `week` varchar(64) not null, `issued` int not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "alter table `token_grant` add unique `token_grant_user_id_week_unique` (`user_id`, `week`)",
    );
    this.addSql(
      "create table `user_account` (`id` varchar(32) not null, `name` varchar(255) not null, `email` varchar(255) not null, `phone` varchar(64) not null, `totp_secret` varchar(64) null, `created_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql(
      "create table `wallet` (`id` varchar(32) not null, `user_id` varchar(32) not null, `blob` longtext not null, `updated_at` bigint not null, primary key (`id`)) default character set utf8mb4 engine = InnoDB",
    );
    this.addSql("alter table `wallet` add unique `wallet_user_id_unique` (`user_id`)");
  }
}
