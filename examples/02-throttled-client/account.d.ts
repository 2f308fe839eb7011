/** Records of one NetSuite account. Written by `seatrial spec types`; write it again rather than edit it. */

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        nsLink: {
            readonly rel?: string;
            readonly href?: string;
        };
        nsResource: {
            /** Internal identifier */
            id?: string;
            /** Reference Name */
            refName?: string;
            /** External identifier */
            externalId?: string;
            /** Links */
            readonly links?: components["schemas"]["nsLink"][];
        };
        nsResourceCollection: {
            /**
             * Total Results
             * Format: int64
             */
            readonly totalResults?: number;
            /**
             * Count
             * Format: int64
             */
            readonly count?: number;
            /** Has More Results */
            readonly hasMore?: boolean;
            /**
             * Query Offset
             * Format: int64
             */
            readonly offset?: number;
            /** Links */
            readonly links?: components["schemas"]["nsLink"][];
            /** Items */
            items?: components["schemas"]["nsResource"][];
        };
        nsResourceSelectOptions: {
            _selectOptions?: components["schemas"]["nsResource"][];
        };
        nsError: {
            /** Format: URI */
            readonly type?: string;
            readonly title?: string;
            /** Format: int32 */
            readonly status?: number;
            readonly "o:errorDetails"?: {
                readonly detail?: string;
                readonly "o:errorCode"?: string;
                /** Format: JSONPath */
                readonly "o:errorPath"?: string;
                readonly "o:errorQueryParam"?: string;
                readonly "o:errorHeader"?: string;
                /** Format: URI */
                readonly "o:errorUrl"?: string;
            }[];
        };
        "contact-addressBook-addressBookAddress": {
            addr1?: string | null;
            addr2?: string | null;
            addr3?: string | null;
            addrPhone?: string | null;
            addrText?: string | null;
            addressee?: string | null;
            attention?: string | null;
            city?: string | null;
            country?: {
                /**
                 * Internal identifier
                 * @enum {string}
                 */
                id?: "AB" | "AD" | "AE" | "AF" | "AG" | "AI" | "AL" | "AM" | "AN" | "AO" | "AQ" | "AR" | "AS" | "AT" | "AU" | "AW" | "AX" | "AZ" | "BA" | "BB" | "BD" | "BE" | "BF" | "BG" | "BH" | "BI" | "BJ" | "BL" | "BM" | "BN" | "BO" | "BQ" | "BR" | "BS" | "BT" | "BV" | "BW" | "BY" | "BZ" | "CA" | "CC" | "CD" | "CF" | "CG" | "CH" | "CI" | "CK" | "CL" | "CM" | "CN" | "CO" | "CR" | "CS" | "CU" | "CV" | "CW" | "CX" | "CY" | "CZ" | "DE" | "DJ" | "DK" | "DM" | "DO" | "DZ" | "EA" | "EC" | "EE" | "EG" | "EH" | "ER" | "ES" | "ET" | "FI" | "FJ" | "FK" | "FM" | "FO" | "FR" | "GA" | "GB" | "GD" | "GE" | "GF" | "GG" | "GH" | "GI" | "GL" | "GM" | "GN" | "GP" | "GQ" | "GR" | "GS" | "GT" | "GU" | "GW" | "GY" | "HK" | "HM" | "HN" | "HR" | "HT" | "HU" | "IC" | "ID" | "IE" | "IL" | "IM" | "IN" | "IO" | "IQ" | "IR" | "IS" | "IT" | "JE" | "JM" | "JO" | "JP" | "KE" | "KG" | "KH" | "KI" | "KM" | "KN" | "KP" | "KR" | "KW" | "KY" | "KZ" | "LA" | "LB" | "LC" | "LI" | "LK" | "LR" | "LS" | "LT" | "LU" | "LV" | "LY" | "MA" | "MC" | "MD" | "ME" | "MF" | "MG" | "MH" | "MK" | "ML" | "MM" | "MN" | "MO" | "MP" | "MQ" | "MR" | "MS" | "MT" | "MU" | "MV" | "MW" | "MX" | "MY" | "MZ" | "NA" | "NC" | "NE" | "NF" | "NG" | "NI" | "NL" | "NO" | "NP" | "NR" | "NU" | "NZ" | "OM" | "PA" | "PE" | "PF" | "PG" | "PH" | "PK" | "PL" | "PM" | "PN" | "PR" | "PS" | "PT" | "PW" | "PY" | "QA" | "RE" | "RO" | "RS" | "RU" | "RW" | "SA" | "SB" | "SC" | "SD" | "SE" | "SG" | "SH" | "SI" | "SJ" | "SK" | "SL" | "SM" | "SN" | "SO" | "SR" | "SS" | "ST" | "SV" | "SX" | "SY" | "SZ" | "TC" | "TD" | "TF" | "TG" | "TH" | "TJ" | "TK" | "TL" | "TM" | "TN" | "TO" | "TR" | "TT" | "TV" | "TW" | "TZ" | "UA" | "UG" | "UM" | "US" | "UY" | "UZ" | "VA" | "VC" | "VE" | "VG" | "VI" | "VN" | "VU" | "WF" | "WS" | "XK" | "YE" | "YT" | "ZA" | "ZM" | "ZW";
                /** Reference Name */
                refName?: string;
            };
            externalId?: string | null;
            /** Format: date-time */
            lastModifiedDate?: string | null;
            override?: boolean;
            refName?: string;
            state?: string | null;
            zip?: string | null;
            /** Links */
            readonly links?: components["schemas"]["nsLink"][];
        };
        "contact-addressBookElement": {
            addressBookAddress?: components["schemas"]["contact-addressBook-addressBookAddress"];
            addressBookAddress_text?: string | null;
            addressId?: string | null;
            defaultBilling?: boolean;
            defaultShipping?: boolean;
            /** Format: int64 */
            id?: number | null;
            /** Format: int64 */
            internalId?: number | null;
            label?: string | null;
            /** Format: date-time */
            lastModifiedDate?: string | null;
            refName?: string;
            /** Links */
            readonly links?: components["schemas"]["nsLink"][];
        };
        "contact-addressBookCollection": {
            /**
             * Total Results
             * Format: int64
             */
            readonly totalResults?: number;
            /**
             * Count
             * Format: int64
             */
            readonly count?: number;
            /** Has More Results */
            readonly hasMore?: boolean;
            /**
             * Query Offset
             * Format: int64
             */
            readonly offset?: number;
            /** Links */
            readonly links?: components["schemas"]["nsLink"][];
            /** Items */
            items?: components["schemas"]["contact-addressBookElement"][];
        };
        contact: {
            addressBook?: components["schemas"]["contact-addressBookCollection"];
            altEmail?: string | null;
            assistant?: components["schemas"]["contact"];
            assistantPhone?: string | null;
            category?: components["schemas"]["nsResourceCollection"];
            comments?: string | null;
            company?: components["schemas"]["contact"] | components["schemas"]["nsResource"];
            contactCampaignEvent?: components["schemas"]["nsResource"];
            contactSource?: components["schemas"]["nsResource"];
            contactSourceCampaignCategory?: components["schemas"]["nsResource"];
            customForm?: components["schemas"]["nsResource"];
            /** Format: date-time */
            dateCreated?: string | null;
            defaultAddress?: string | null;
            email?: string | null;
            emailPreference?: {
                /**
                 * Internal identifier
                 * @enum {string}
                 */
                id?: "PDF" | "HTML" | "DEFAULT";
                /** Reference Name */
                refName?: string;
            };
            entityId?: string | null;
            externalId?: string | null;
            fax?: string | null;
            firstName?: string | null;
            globalSubscriptionStatus?: {
                /**
                 * Internal identifier
                 * @enum {string}
                 */
                id?: "1" | "2" | "3" | "4";
                /** Reference Name */
                refName?: string;
            };
            homePhone?: string | null;
            id?: string | null;
            image?: components["schemas"]["nsResource"];
            isInactive?: boolean;
            isPrivate?: boolean;
            /** Format: date-time */
            lastModifiedDate?: string | null;
            lastName?: string | null;
            middleName?: string | null;
            mobilePhone?: string | null;
            officePhone?: string | null;
            /** Format: int64 */
            owner?: number | null;
            phone?: string | null;
            phoneticName?: string | null;
            refName?: string;
            salutation?: string | null;
            subsidiary?: components["schemas"]["nsResource"];
            supervisor?: components["schemas"]["contact"];
            supervisorPhone?: string | null;
            title?: string | null;
            unsubscribe?: boolean;
            /** Links */
            readonly links?: components["schemas"]["nsLink"][];
        };
        contactCollection: {
            /**
             * Total Results
             * Format: int64
             */
            readonly totalResults?: number;
            /**
             * Count
             * Format: int64
             */
            readonly count?: number;
            /** Has More Results */
            readonly hasMore?: boolean;
            /**
             * Query Offset
             * Format: int64
             */
            readonly offset?: number;
            /** Links */
            readonly links?: components["schemas"]["nsLink"][];
            /** Items */
            items?: components["schemas"]["contact"][];
        };
        contactSelectOptions: {
            assistant?: components["schemas"]["nsResourceSelectOptions"];
            category?: components["schemas"]["nsResourceSelectOptions"];
            company?: components["schemas"]["nsResourceSelectOptions"];
            contactCampaignEvent?: components["schemas"]["nsResourceSelectOptions"];
            contactSource?: components["schemas"]["nsResourceSelectOptions"];
            contactSourceCampaignCategory?: components["schemas"]["nsResourceSelectOptions"];
            customForm?: components["schemas"]["nsResourceSelectOptions"];
            emailPreference?: components["schemas"]["nsResourceSelectOptions"];
            globalSubscriptionStatus?: components["schemas"]["nsResourceSelectOptions"];
            image?: components["schemas"]["nsResourceSelectOptions"];
            subsidiary?: components["schemas"]["nsResourceSelectOptions"];
            supervisor?: components["schemas"]["nsResourceSelectOptions"];
            /** Links */
            readonly links?: components["schemas"]["nsLink"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

/** Record type → its fields, for `createClient<RecordTypes>`. */
export interface RecordTypes {
    "contact": components["schemas"]["contact"];
}
