export interface OrganizationRecord {
  id: string;
  name: string;
  uscc: string;
  roles: string[];
  address: string;
  createdAt: number;
}

export interface UserRecord {
  id: string;
  name: string;
  email: string;
  phone: string;
  totpSecret: string | null;
  createdAt: number;
}

export interface MembershipRecord {
  id: string;
  userId: string;
  organizationId: string;
  roles: string[];
  createdAt: number;
}

export interface MandateRecord {
  id: string;
  tendereeOrganizationId: string;
  agencyOrganizationId: string;
  tenderId: string | null;
  validFrom: number;
  validTo: number;
  cms: string | null;
  createdAt: number;
}

export interface PasskeyRecord {
  id: string;
  userId: string;
  credentialId: string;
  publicKey: string;
  counter: number;
  transports: string[];
  createdAt: number;
}

export interface EnrolmentRecord {
  id: string;
  tokenHash: string;
  userId: string;
  expiresAt: number;
  usedAt: number | null;
}

export interface CertificateRecord {
  id: string;
  userId: string;
  organizationId: string;
  fingerprint: string;
  usage: string;
  subject: string;
  der: string;
  notAfter: number;
  createdAt: number;
}

export interface SessionRecord {
  id: string;
  tokenHash: string;
  userId: string;
  organizationId: string | null;
  role: string | null;
  factors: string[];
  createdAt: number;
  expiresAt: number;
  endedAt: number | null;
}

export interface ChallengeRecord {
  id: string;
  kind: string;
  challenge: string;
  userId: string | null;
  expiresAt: number;
  usedAt: number | null;
}
