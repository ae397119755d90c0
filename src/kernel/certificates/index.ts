export { issueCertificate, type KeyedCertificate, makeAuthority } from './certificates.js';
export { type CertificateDescription, describeCertificates } from './describe-certificate.js';
